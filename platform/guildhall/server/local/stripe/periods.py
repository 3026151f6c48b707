"""Billing periods: pure reckoning on seconds since the epoch, in UTC."""

import calendar
from datetime import UTC, datetime, timedelta

from guildhall.server.local.stripe.objects import Object


def period_end(start: int, recurring: Object, anchor: int | None = None) -> int:
    """When the period that begins at `start` ends.

    Months keep the day of `anchor` where they have it: 31 January → 28 February → 31 March.
    """
    count, interval = recurring["interval_count"], recurring["interval"]
    begin = datetime.fromtimestamp(start, UTC)
    if interval in {"day", "week"}:
        return int((begin + timedelta(days=count * (7 if interval == "week" else 1))).timestamp())
    months = begin.year * 12 + begin.month - 1 + count * (12 if interval == "year" else 1)
    year, month = divmod(months, 12)
    day = datetime.fromtimestamp(anchor or start, UTC).day
    return int(
        begin.replace(year=year, month=month + 1, day=min(day, calendar.monthrange(year, month + 1)[1])).timestamp()
    )


def share(amount: int, at: int, start: int, end: int) -> int:
    """The part of `amount` for what is left of a period at the moment `at`, to the second."""
    return round(amount * max(end - max(at, start), 0) / (end - start)) if end > start else 0
