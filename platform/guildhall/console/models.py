"""The vendor's staff."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guildhall.core.clock import now
from guildhall.core.db import Keyed, PlatformBase, Timestamps, personal


class StaffRole(StrEnum):
    """What a member of the staff may do; see `guildhall.console.permissions`."""

    OWNER = "owner"
    SUPPORT = "support"
    VIEWER = "viewer"


class Staff(Keyed, Timestamps, PlatformBase):
    """Somebody who works for the vendor.

    Attributes:
        totp_secret: sealed by the vault; empty until the second factor is set up, which the first sign-in demands.
        totp_step: the last accepted time step, so that a code works once (RFC 6238 §5.2).
        setup_token_hash: fingerprint of the link by which the account is set up; single use.
    """

    __tablename__ = "staff"

    email: Mapped[str] = personal(unique=True)
    name: Mapped[str] = personal()
    role: Mapped[str] = mapped_column(default=StaffRole.VIEWER)
    password_hash: Mapped[str | None]
    totp_secret: Mapped[str] = mapped_column(default="")
    totp_step: Mapped[int] = mapped_column(default=0)
    setup_token_hash: Mapped[str | None] = mapped_column(unique=True)
    setup_expires_at: Mapped[datetime | None]
    locked: Mapped[bool] = mapped_column(default=False)
    last_seen_at: Mapped[datetime | None]


class StaffSession(Keyed, PlatformBase):
    """A browser in which a member of the staff is signed in."""

    __tablename__ = "staff_session"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("platform.staff.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    address: Mapped[str] = personal()
    user_agent: Mapped[str] = personal(default="")
    staff: Mapped[Staff] = relationship(lazy="joined")
