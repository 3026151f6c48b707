"""Bringing people in from the list that the association has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.db import Base, Keyed, Timestamps, personal
from modules.accounts.enums import ImportState


class PeopleImport(Keyed, Timestamps, Base):
    """A list that was pasted or uploaded, from reading it to its result.

    Attributes:
        header: the titles of its columns. rows: its cells, under these titles; emptied when the import has ended.
        mapping: field of a person → number of the column.
        done_count: how many rows are done; a run that was interrupted goes on there.
        errors: rows that could not be taken: number in the file, cells, and why.
    """

    __tablename__ = "accounts_people_import"

    name: Mapped[str]
    state: Mapped[str] = mapped_column(default=ImportState.MAPPING)
    header: Mapped[list[str]]
    rows: Mapped[list[dict[str, Any]]] = personal()
    mapping: Mapped[dict[str, Any]]
    send_invitations: Mapped[bool] = mapped_column(default=True)
    job_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    done_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_count: Mapped[int] = mapped_column(default=0)
    updated_count: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[dict[str, Any]]] = personal(default=list)
    finished_at: Mapped[datetime | None]
