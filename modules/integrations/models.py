"""API tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal


class ApiToken(Keyed, Base):
    """A key with which a program acts for a person. Only its fingerprint is here; the token is shown once.

    Attributes:
        prefix: its first characters, to tell tokens apart.
        scopes: permission codes. It may do what is in them and what its person may do: both.
    """

    __tablename__ = "integrations_api_token"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = personal()
    fingerprint: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= now()
