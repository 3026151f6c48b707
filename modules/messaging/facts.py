"""Facts of messages."""

from dataclasses import dataclass
from uuid import UUID

from guildhall.core.facts import Fact


@dataclass(frozen=True, slots=True)
class MessageFailed(Fact):
    """A message will not arrive: it was refused for good, or every attempt failed. Sender: the delivery job."""

    name = "messaging.message_failed"

    message_id: UUID
    kind: str
    channel: str
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class AddressBounced(Fact):
    """An e-mail address does not exist any more, as its server says. Sender: whoever tried to deliver."""

    name = "messaging.address_bounced"

    person_id: UUID | None
    detail: str
