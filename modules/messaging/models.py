"""Tables of messages, of the association's own words, and of what people want to receive."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, Timestamps, personal
from modules.messaging.enums import Status


class Message(Keyed, Base):
    """One message to one recipient on one channel; in-app ones are what the person reads, all are the delivery log.

    Attributes:
        kind: name of a `MessageKind`, or of a mail that another module sends by itself; those keep no words here.
        address: e-mail address or phone number; empty in the app.
        words: what fills the placeholders; emptied once title and body are written.
        url: path within the house that the message leads to.
    """

    __tablename__ = "messaging_message"
    __table_args__ = (
        CheckConstraint("channel IN ('in_app', 'email', 'sms', 'wechat')", name="channel"),
        CheckConstraint("status IN ('queued', 'sent', 'failed', 'held')", name="status"),
        Index("ix_messaging_message_person_id", "person_id", "created_at"),
        Index("ix_messaging_message_created_at", "created_at"),
        Index(
            "ix_messaging_message_unread",
            "person_id",
            postgresql_where=text("channel = 'in_app' AND status = 'sent' AND read_at IS NULL"),
        ),
    )

    kind: Mapped[str]
    channel: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_person.id"))
    address: Mapped[str] = personal(default="")
    locale: Mapped[str]
    title: Mapped[str] = personal(default="")
    body: Mapped[str] = personal(default="")
    url: Mapped[str] = mapped_column(default="")
    words: Mapped[dict[str, Any]] = personal(default=dict)
    status: Mapped[str] = mapped_column(default=Status.QUEUED)
    error: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    @property
    def paragraphs(self) -> list[str]:
        """The body as it is shown."""
        return [part.strip() for part in self.body.split("\n\n") if part.strip()]


class OwnWords(Keyed, Timestamps, Base):
    """A kind of message in the association's own words, in one language."""

    __tablename__ = "messaging_own_words"
    __table_args__ = (UniqueConstraint("kind", "locale"),)

    kind: Mapped[str]
    locale: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]


class Preference(Base):
    """A kind that a person does not want on a channel. What has no row is wanted."""

    __tablename__ = "messaging_preference"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(default=now)


class BlockedAddress(Base):
    """An address that gets nothing but what it must."""

    __tablename__ = "messaging_blocked_address"

    address: Mapped[str] = personal(primary_key=True)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    blocked_at: Mapped[datetime] = mapped_column(default=now)
