"""Where facts are sent, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, Timestamps


class WebhookEndpoint(Keyed, Timestamps, Base):
    """An address that wants to hear of facts.

    Attributes:
        secret: the signing secret, encrypted: it must be read again for each delivery.
        facts: names of the public facts it wants.
        active: switched off by an admin, or because it answered 410 Gone.
        failing_since: when a delivery was given up for the first time since the last one that arrived. While it is
            set each delivery is tried once only.
    """

    __tablename__ = "core_webhook_endpoint"

    url: Mapped[str]
    name: Mapped[str]
    secret: Mapped[str]
    facts: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    failing_since: Mapped[datetime | None]


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # given up; a person can send it again


class WebhookDelivery(Keyed, Base):
    """One message to one endpoint, and how the last attempt went.

    Attributes:
        payload: the whole body; its `id` names the fact, this row's id names the message.
        next_at: when it is tried next; None once it has arrived or was given up.
        excerpt: the beginning of the answer's body.
    """

    __tablename__ = "core_webhook_delivery"
    __table_args__ = (Index("ix_core_webhook_delivery_endpoint_id", "endpoint_id", "id"),)

    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("core_webhook_endpoint.id", ondelete="CASCADE"))
    fact: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=DeliveryState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    attempted_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    status_code: Mapped[int | None]
    milliseconds: Mapped[int | None]
    excerpt: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")  # a `Failure`, or the code of an `AddressRefused`
    endpoint: Mapped[WebhookEndpoint] = relationship(lazy="joined")
