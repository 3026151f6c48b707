"""Choosing which jobs of a house go to the workers now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, update

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.jobs.run import max_attempts_of


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is this relay's to hand over. `again`: it was handed over before and is still not done."""

    id: UUID
    name: str
    again: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs to hand over, and how many more are due in the house."""

    jobs: list[Claimed]
    waiting: int


def claim_due(session: UnitOfWork, *, in_flight: int, hand_again: timedelta) -> Claim:
    """Take the jobs that are due, oldest first, so many that at most `in_flight` of this house are with the workers.

    A job that was handed over longer than `hand_again` ago and that nobody runs (a running one's row is locked) was
    lost, or still waits in the queue; it is taken again. Two relays never take the same one.
    """
    moment = now()
    stale = moment - hand_again
    due = (JobRow.state == JobState.PENDING, JobRow.run_at <= moment)
    handed, total = session.execute(
        select(func.count().filter(JobRow.handed_at >= stale), func.count()).where(*due)
    ).one()
    room = in_flight - handed
    if total == handed or room <= 0:
        return Claim([], total - handed)
    jobs = _take(session, due, stale, moment, room)
    return Claim(jobs, total - handed - len(jobs))


def _take(session: UnitOfWork, due: tuple[object, ...], stale: datetime, moment: datetime, room: int) -> list[Claimed]:
    free = or_(JobRow.handed_at.is_(None), JobRow.handed_at < stale)
    chosen = (
        select(JobRow.id, JobRow.name, JobRow.handed_at.is_not(None))
        .where(*due, free)  # type: ignore[arg-type]
        .order_by(JobRow.run_at)
        .limit(room)
        .with_for_update(skip_locked=True)
    )
    jobs = [Claimed(*row) for row in session.execute(chosen)]
    if jobs:
        session.execute(update(JobRow).where(JobRow.id.in_([job.id for job in jobs])).values(handed_at=moment))
    return jobs


def note_lost(session: UnitOfWork, job_ids: list[UUID]) -> list[UUID]:
    """Jobs that the queue has lost, most likely with the worker that ran them: it counts as an attempt.

    Returns those that may be tried again; a job that kills every worker it meets ends as failed.
    """
    rows = session.scalars(select(JobRow).where(JobRow.id.in_(job_ids)).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.attempts += 1
        if row.attempts >= max_attempts_of(session.registry, row.name):
            row.state, row.finished_at = JobState.FAILED, now()
            row.error = "The worker was lost while it ran, each time."
    return [row.id for row in rows if row.state == JobState.PENDING]
