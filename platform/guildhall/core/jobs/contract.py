"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork
    from guildhall.core.runtime import Runtime


DEFAULT_MAX_ATTEMPTS = 10
DEFAULT_TIMEOUT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work with a name. Its handler takes a `JobContext` and the payload's keys, and is idempotent: what it
    writes through `context.session` commits together with the note that the job is done, but what it does outside the
    database (a mail, a request) may happen twice.

    Attributes:
        max_attempts: after so many failures it rests as failed until somebody tries it again.
        gave_up: called as the handler is, in a transaction of its own, once the last attempt has failed: it says so
            where people wait for the result.
        timeout_seconds: longest run, and longest single statement in it.
    """

    name: str
    handler: Callable[..., Any]
    max_attempts: int = DEFAULT_MAX_ATTEMPTS
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    gave_up: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job that each house runs again and again. `cron` is read in the house's time zone; within `spread_seconds`
    after that moment each house has its own, so that not all begin at once.
    """

    job: Job
    cron: str
    spread_seconds: int = 600


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a handler works with."""

    session: "UnitOfWork"
    runtime: "Runtime"
    job_id: UUID
    attempt: int

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Show how far it is. Visible at once, though the job's own transaction is still open."""
        from guildhall.core.jobs.queue import write_progress

        with self.runtime.db.begin(self.session.house) as session:
            write_progress(session, self.job_id, done, total, note)
