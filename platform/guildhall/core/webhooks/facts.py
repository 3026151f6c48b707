"""What the webhooks themselves tell."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from guildhall.core.facts import Fact


@dataclass(frozen=True, slots=True)
class WebhookFailing(Fact):
    """An endpoint has not answered for three days; from here on each message is tried once. Sender: the delivery."""

    name: ClassVar[str] = "core.webhook_failing"

    endpoint_id: UUID
    endpoint_name: str
    url: str
