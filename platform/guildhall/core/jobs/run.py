"""Running one job: its effects and the note that it is done commit together."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.facts import Subscription, run_subscription
from guildhall.core.house import House
from guildhall.core.jobs.contract import JobContext
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.payload import decode_for, encode
from guildhall.core.runtime import Runtime

log = structlog.get_logger(__name__)
FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=6)


def run_job(runtime: Runtime, house: House, job_id: UUID) -> JobState | None:
    """Run a pending job of a house.

    Returns its state afterwards, or None when there is nothing to do: another worker has it, or it has ended.
    """
    try:
        with runtime.db.begin(house) as session:
            row = session.scalar(
                select(JobRow)
                .where(JobRow.id == job_id, JobRow.state == JobState.PENDING)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            row.state = _execute(runtime, row, JobContext(session, runtime, row.id, row.attempts + 1))
            row.attempts += 1
            row.finished_at = now()
            return JobState(row.state)
    except Exception as error:
        log.exception("job_failed", house=str(house.id), job=str(job_id))
        return _note_failure(runtime, house, job_id, error)


def _execute(runtime: Runtime, row: JobRow, context: JobContext) -> JobState:
    module, work = runtime.registry.jobs[row.name]
    if module and module not in context.session.house.modules:
        return JobState.SKIPPED
    with runtime.speaking(context.session.house):
        if isinstance(work, Subscription):
            run_subscription(work, context, row.payload)
        else:
            result = work.handler(context, **decode_for(work.handler, row.payload))
            row.result = encode(result) if isinstance(result, dict) else None
    return JobState.DONE


def _note_failure(runtime: Runtime, house: House, job_id: UUID, error: Exception) -> JobState:
    with runtime.db.begin(house) as session:
        row = session.get(JobRow, job_id, with_for_update=True)
        if row is None or row.state != JobState.PENDING:
            return JobState.FAILED
        row.attempts += 1
        row.error = f"{type(error).__name__}: {error}"[:2000]
        work = runtime.registry.jobs.get(row.name)
        if row.attempts >= getattr(work[1] if work else None, "max_attempts", 10):
            row.state, row.finished_at = JobState.FAILED, now()
        else:
            row.run_at = now() + min(FIRST_RETRY * 2 ** (row.attempts - 1), LONGEST_RETRY)
            row.handed_at = None
        return JobState(row.state)
