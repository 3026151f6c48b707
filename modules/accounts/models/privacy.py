"""What people agreed to, and their wish to be forgotten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal
from modules.accounts.enums import ErasureState


class ConsentDocument(Keyed, Base):
    """A version of the privacy policy or of the terms. The newest of a kind is the one in force.

    Attributes:
        text: in Markdown; empty for the standard text, in both languages.
    """

    __tablename__ = "accounts_consent_document"
    __table_args__ = (Index("uq_accounts_consent_document_version", "kind", "version", unique=True),)

    kind: Mapped[str]
    version: Mapped[int]
    text: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime] = mapped_column(default=now)


class Consent(Keyed, Base):
    """That a person agreed to a version of a document, and since when no more.

    Kept as evidence (个人信息保护法 art. 14–16).
    """

    __tablename__ = "accounts_consent"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    version: Mapped[int]
    source: Mapped[str]
    address: Mapped[str] = personal(default="")
    given_at: Mapped[datetime] = mapped_column(default=now)
    withdrawn_at: Mapped[datetime | None]


class ErasureRequest(Keyed, Base):
    """A person's wish that the association forget them. They may take it back while it cools."""

    __tablename__ = "accounts_erasure_request"
    __table_args__ = (
        Index(
            "uq_accounts_erasure_request_open",
            "person_id",
            unique=True,
            postgresql_where=text("state IN ('cooling', 'due')"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_person.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(default=ErasureState.COOLING)
    reason: Mapped[str] = personal(default="")
    requested_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    kept: Mapped[list[str]] = mapped_column(default=list)
