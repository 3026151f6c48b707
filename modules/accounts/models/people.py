"""People and their invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, Timestamps, personal
from modules.accounts.enums import PersonStatus


class Person(Keyed, Timestamps, Base):
    """A person of the association: one account, whatever they are members of.

    Attributes:
        email: in lower case, so that one address is one person. phone: E.164.
        organization: the company, as the person or the association's list wrote it; memberships are another module's.
        locale: language of mails, and of pages where the browser chose none.
    """

    __tablename__ = "accounts_person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("status IN ('invited', 'active', 'suspended', 'erased')", name="status"),
        Index("ix_accounts_person_name", "name"),
    )

    name: Mapped[str] = personal()
    email: Mapped[str | None] = personal(unique=True)
    phone: Mapped[str | None] = personal(unique=True)
    organization: Mapped[str] = personal(default="")
    locale: Mapped[str] = mapped_column(default="zh_Hans")
    status: Mapped[str] = mapped_column(default=PersonStatus.INVITED)
    password_hash: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    phone_verified_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:
        return self.status == PersonStatus.ACTIVE

    @property
    def address(self) -> str:
        """Where the person can be reached: the e-mail address, else the phone number."""
        return self.email or self.phone or ""


class Invitation(Keyed, Base):
    """A link by which a person comes in for the first time. It works once; a newer one replaces it."""

    __tablename__ = "accounts_invitation"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    token_fingerprint: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
