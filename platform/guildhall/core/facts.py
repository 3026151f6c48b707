"""Facts: something that happened, told to other modules after the commit.

A fact is a frozen dataclass. `emit` writes one job per subscriber in the same transaction, so a fact is never lost and
never told of something that was rolled back. Each handler is retried alone, and is skipped in a house that has the
handler's module off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from guildhall.core.payload import decode_for, encode_fields

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork
    from guildhall.core.jobs.contract import JobContext


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of all facts. A subclass sets `name` ("accounts.person_joined") and documents sender, fields and meaning."""

    name: ClassVar[str] = ""
    # Told to the association's webhooks; its fields then are a public promise.
    public: ClassVar[bool] = False
    # What a public fact is called where an association chooses what its webhooks hear.
    label: ClassVar[Any] = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A module's reaction to a fact. The handler is idempotent: it may run twice for one fact."""

    fact: type[Fact]
    handler: Callable[["JobContext", Any], None]

    @property
    def job_name(self) -> str:
        return f"{self.fact.name}>{self.handler.__module__}.{self.handler.__qualname__}"


def emit(session: "UnitOfWork", fact: Fact) -> None:
    """Tell a fact: it leaves with the commit."""
    from guildhall.core.jobs.queue import enqueue_named

    for module, subscription in session.registry.subscriptions_to(type(fact)):
        enqueue_named(session, subscription.job_name, module=module, payload=encode_fields(fact))


def run_subscription(subscription: Subscription, context: "JobContext", payload: dict[str, Any]) -> None:
    """Call a handler with the fact that a job carries."""
    subscription.handler(context, subscription.fact(**decode_for(subscription.fact, payload)))
