"""Reads of the audit log for its page."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import today
from guildhall.core.db import UnitOfWork

MOST_ACTORS = 50


def actors(session: UnitOfWork) -> list[Row[UUID | None, str]]:
    """Persons who have done something lately, by name, for the filter."""
    latest = func.max(AuditEntry.number)
    statement = select(AuditEntry.actor_id, func.max(AuditEntry.actor_label)).where(AuditEntry.actor_id.is_not(None))
    return list(session.execute(statement.group_by(AuditEntry.actor_id).order_by(latest.desc()).limit(MOST_ACTORS)))


def entry_by_number(number: int) -> Select[AuditEntry]:
    return select(AuditEntry).where(AuditEntry.number == number)


def start_of_day(timezone: str, days_ago: int) -> datetime:
    """Midnight at the association's place, some days ago."""
    day = today(timezone) - timedelta(days=days_ago)
    return datetime.combine(day, time.min, ZoneInfo(timezone))
