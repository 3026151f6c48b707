"""Work that comes again and again."""

from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete

from guildhall.core.clock import now
from guildhall.core.jobs.contract import Job, JobContext, Schedule
from modules.messaging.models import Message
from modules.messaging.services.announcements import ANNOUNCE
from modules.messaging.services.delivery import DELIVER
from modules.messaging.settings import keep_days


def _forget_old(context: JobContext) -> dict[str, int]:
    """Delete messages that are older than the association keeps them."""
    oldest = now() - timedelta(days=keep_days(context.session))
    result = context.session.execute(delete(Message).where(Message.created_at < oldest))
    return {"deleted": cast("CursorResult[None]", result).rowcount}


FORGET_OLD = Job("messaging.forget_old", _forget_old)
JOBS = (DELIVER, ANNOUNCE, FORGET_OLD)
SCHEDULES = (Schedule(FORGET_OLD, "20 4 * * *", spread_seconds=3600),)
