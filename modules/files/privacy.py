"""A person's files: given to them, and forgotten."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import ngettext
from guildhall.core.module import PersonalData
from guildhall.core.payload import encode
from modules.files.enums import Visibility
from modules.files.models import File
from modules.files.services.removal import delete_file


def export(session: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """What they uploaded, with the address of each file."""
    return {"files": [_described(session, file) for file in _files_of(session, person_id)]}


def erase(session: UnitOfWork, person_id: UUID) -> list[str]:
    """Their private files go. What others may see stays, without their name: it belongs to the association, or to a
    record of another module, which decides about it in its own erasure.
    """
    kept = 0
    for file in _files_of(session, person_id):
        if file.visibility == Visibility.PRIVATE:
            delete_file(session, file)
        else:
            file.owner_id = None
            kept += 1
    session.flush()
    if not kept:
        return []
    words = ngettext(
        "%(num)s file that the association shares stays, without the person's name.",
        "%(num)s files that the association shares stay, without the person's name.",
        kept,
    )
    return [words]


def _files_of(session: UnitOfWork, person_id: UUID) -> list[File]:
    return list(session.scalars(select(File).where(File.owner_id == person_id).order_by(File.id)))


def _described(session: UnitOfWork, file: File) -> dict[str, Any]:
    facts = {
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
        "sha256": file.sha256,
        "purpose": file.purpose,
        "url": session.house.url(file.path),
        "uploaded_at": file.created_at,
    }
    return {key: encode(value) for key, value in facts.items()}


PERSONAL_DATA = PersonalData(frozenset({File.__tablename__}), export, erase)
