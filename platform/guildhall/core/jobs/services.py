"""What a person may do with a job: try a failed one again, call off one that has not begun."""

from uuid import UUID

from sqlalchemy import select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import Conflict, NotFound
from guildhall.core.i18n import _l
from guildhall.core.jobs.models import JobRow, JobState


class JobNotFailed(Conflict):
    code = "job_not_failed"
    message = _l("Only a task that failed or was cancelled can be tried again.")


class JobUnderWay(Conflict):
    """A worker holds it, or it has ended."""

    code = "job_under_way"
    message = _l("This task is running or has ended, so it cannot be cancelled.")


def retry_job(session: UnitOfWork, job_id: UUID) -> JobRow:
    """Give a job that failed or was cancelled all its attempts anew, from now on.

    Raises:
        NotFound: there is no such job.
        JobNotFailed: it waits, or has done its work.
    """
    row = _locked(session, job_id)
    if row is None or row.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise JobNotFailed
    row.state, row.attempts, row.run_at = JobState.PENDING, 0, now()
    row.handed_at = row.finished_at = None
    audit.record(session, "core.job_retried", row)
    session.flush()
    session.note_work()
    return row


def cancel_job(session: UnitOfWork, job_id: UUID) -> JobRow:
    """Call off a job that waits; one that runs goes on to its end.

    Raises:
        NotFound: there is no such job.
        JobUnderWay: it runs, or has ended.
    """
    row = _locked(session, job_id)
    if row is None or row.state != JobState.PENDING:
        raise JobUnderWay
    row.state, row.finished_at = JobState.CANCELLED, now()
    audit.record(session, "core.job_cancelled", row)
    session.flush()
    return row


def _locked(session: UnitOfWork, job_id: UUID) -> JobRow | None:
    """The row, unless a worker holds it."""
    row = session.scalar(select(JobRow).where(JobRow.id == job_id).with_for_update(skip_locked=True))
    if row is None and session.get(JobRow, job_id) is None:
        raise NotFound
    return row
