"""Jobs of the core itself, for every house."""

from datetime import timedelta

from sqlalchemy import delete

from guildhall.core.api import idempotency
from guildhall.core.clock import now
from guildhall.core.jobs.contract import Job, JobContext, Schedule
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.mail import SEND_MAIL
from guildhall.core.sms import SEND_SMS
from guildhall.core.webhooks import deliveries

KEEP_FINISHED = timedelta(days=30)


def _sweep_finished(context: JobContext) -> None:
    """Forget jobs that ended a month ago; failed ones stay until somebody has looked."""
    ended = (JobState.DONE, JobState.SKIPPED, JobState.CANCELLED)
    context.session.execute(delete(JobRow).where(JobRow.state.in_(ended), JobRow.finished_at < now() - KEEP_FINISHED))


SWEEP_FINISHED = Job("core.sweep_finished", _sweep_finished)

CORE_JOBS = (SWEEP_FINISHED, SEND_MAIL, SEND_SMS, idempotency.FORGET_EXPIRED, *deliveries.JOBS)
CORE_SCHEDULES = (
    Schedule(SWEEP_FINISHED, "17 3 * * *", spread_seconds=3600),
    *idempotency.SCHEDULES,
    *deliveries.SCHEDULES,
)
