"""Looking into the outbox of a house."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select

from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.models import JobProgress, JobRow, JobState


@dataclass(frozen=True, slots=True)
class Standing:
    """A job, and how far it is: `total` 0 means that it has not said."""

    job: JobRow
    done: int
    total: int
    note: str

    @property
    def ended(self) -> bool:
        return self.job.state != JobState.PENDING


def recent(*states: JobState) -> Select[JobRow]:
    """Jobs, the newest first; only those in one of these states, if any is named."""
    statement = select(JobRow).order_by(JobRow.created_at.desc(), JobRow.id.desc())
    return statement.where(JobRow.state.in_(states)) if states else statement


def failed() -> Select[JobRow]:
    """Those that wait for somebody's decision."""
    return recent(JobState.FAILED)


def count_by_state(session: UnitOfWork) -> dict[JobState, int]:
    """How many jobs are in each state; every state is named."""
    rows = session.execute(select(JobRow.state, func.count()).group_by(JobRow.state))
    counted = {state: count for state, count in rows}  # noqa: C416 - rows are not pairs to mypy
    return {state: counted.get(state, 0) for state in JobState}


def standing(session: UnitOfWork, job_id: UUID) -> Standing | None:
    """How a job stands, in one query."""
    statement = (
        select(JobRow, JobProgress).outerjoin(JobProgress, JobProgress.job_id == JobRow.id).where(JobRow.id == job_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    job: JobRow = found[0]
    progress: JobProgress | None = found[1]
    if progress is None:
        return Standing(job, 0, 0, "")
    return Standing(job, progress.done, progress.total, progress.note)
