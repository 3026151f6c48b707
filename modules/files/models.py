"""The table of files. Their bytes are in the store (`guildhall.core.storage`)."""

from urllib.parse import quote
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.db import Base, Keyed, Timestamps, personal
from modules.files.enums import ScanState, Visibility


class File(Keyed, Timestamps, Base):
    """One file.

    Attributes:
        owner_id: the person who uploaded it; nobody when the system made it, or when they were erased.
        name: as the owner called it, for people; never part of a path.
        purpose: what it is for, beginning with the module it belongs to: "accounts.photo".
        permission: with visibility `permission`, the code that opens it.
        sha256: of the bytes in the store.
    """

    __tablename__ = "files_file"
    __table_args__ = (
        Index("ix_files_file_owner_id", "owner_id"),
        Index("ix_files_file_purpose_created_at", "purpose", "created_at"),
    )

    owner_id: Mapped[UUID | None] = personal()
    name: Mapped[str] = personal()
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    storage_key: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    visibility: Mapped[str] = mapped_column(default=Visibility.PRIVATE)
    permission: Mapped[str] = mapped_column(default="")
    scan_state: Mapped[str] = mapped_column(default=ScanState.NOT_SCANNED)
    scan_finding: Mapped[str] = mapped_column(default="")

    @property
    def module(self) -> str:
        """The module that it belongs to."""
        return self.purpose.partition(".")[0]

    @property
    def path(self) -> str:
        """Its address within the house. The name at the end is for people and is not looked at."""
        return f"/files/{self.id}/{quote(self.name, safe='')}"
