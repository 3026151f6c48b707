"""When a message that did not arrive is sent again."""

from datetime import timedelta

# As Standard Webhooks recommends: ten attempts in a little over three days, each wait longer than the one before.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts that failed; None to give up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
