"""The time, in one place, so that a test can move it (`time_machine` moves this too)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """The calendar day at a place, by its IANA name: what "today" means to an association."""
    return now().astimezone(ZoneInfo(timezone)).date()
