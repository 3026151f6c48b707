"""What people prove themselves with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal


class SignInCode(Keyed, Base):
    """A request for a one-time code. One is written for each address, known or not.

    Attributes:
        address: e-mail address or phone number that the code goes to.
        person_id: who wants to prove that a new address is theirs; nobody when it is about signing in.
        code_hash: keyed hash, written by the job that sends the code; stays empty for an address that nobody has.
    """

    __tablename__ = "accounts_sign_in_code"

    address: Mapped[str] = personal(index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"))
    code_hash: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Keyed, Base):
    """A WebAuthn credential (W3C Web Authentication Level 3)."""

    __tablename__ = "accounts_passkey"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    transports: Mapped[list[str]]
    name: Mapped[str] = personal()
    created_at: Mapped[datetime] = mapped_column(default=now)
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Keyed, Base):
    """A question that a browser was asked, to be answered once (W3C Web Authentication §13.4.3).

    Attributes:
        person_id: whose new passkey it is about; nobody when it is about signing in.
    """

    __tablename__ = "accounts_passkey_challenge"

    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Totp(Base):
    """An authenticator app as the second step (RFC 6238), confirmed by a code that it made.

    Attributes:
        secret: encrypted by the process's vault.
        last_step: time step of the last code that was taken; a code works once.
    """

    __tablename__ = "accounts_totp"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str]
    confirmed_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Keyed, Base):
    """Takes the place of the authenticator app once."""

    __tablename__ = "accounts_recovery_code"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str]
    used_at: Mapped[datetime | None]
