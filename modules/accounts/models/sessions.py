"""Who is signed in where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal


class SignInSession(Keyed, Base):
    """A browser that a person signed in with. Its cookie holds a secret; here is only the fingerprint.

    Attributes:
        proved_at: when the person last proved here who they are, by signing in or by being asked again.
    """

    __tablename__ = "accounts_session"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    method: Mapped[str]
    user_agent: Mapped[str] = personal(default="")
    address: Mapped[str] = personal(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    proved_at: Mapped[datetime] = mapped_column(default=now, server_default=func.now())
