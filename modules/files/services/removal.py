"""Removing files: the row in the transaction, the bytes by a job after it."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.contract import Job, JobContext, Schedule
from guildhall.core.jobs.queue import enqueue
from guildhall.core.storage import key_of
from modules.files.models import File

_UNDONE_AFTER = timedelta(days=1)


def delete_file(session: UnitOfWork, file: File) -> None:
    """Remove a file for good."""
    audit.record(session, "files.file_deleted", file, changes={"purpose": file.purpose, "size": file.size})
    session.delete(file)
    session.flush()
    enqueue(session, REMOVE_BYTES, storage_key=file.storage_key)


def delete_files(session: UnitOfWork, ids: Iterable[UUID]) -> int:
    """Remove the files with these ids that exist; how many they were."""
    files = session.scalars(select(File).where(File.id.in_(list(ids)))).all()
    for file in files:
        delete_file(session, file)
    return len(files)


def forget_module(session: UnitOfWork, name: str) -> None:
    """Remove the files of a module that is being removed."""
    theirs = select(File).where(File.purpose.startswith(f"{name}.", autoescape=True))
    for file in session.scalars(theirs):
        delete_file(session, file)


def _remove_bytes(context: JobContext, storage_key: str) -> None:
    context.runtime.storage.delete(storage_key)


def _sweep(context: JobContext) -> dict[str, int]:
    """Remove bytes whose transaction was undone: a day old, by the time in their id, and without a row."""
    storage, session = context.runtime.storage, context.session
    known = set(session.scalars(select(File.storage_key)))
    prefix = key_of(session.house.id, "files")
    lost = [key for key in storage.list(prefix) if key not in known and _is_old(key)]
    for key in lost:
        storage.delete(key)
    return {"removed": len(lost)}


def _is_old(key: str) -> bool:
    """A UUIDv7 begins with its milliseconds since 1970 (RFC 9562)."""
    born = UUID(key.rpartition("/")[2]).int >> 80
    return born / 1000 < (now() - _UNDONE_AFTER).timestamp()


REMOVE_BYTES = Job("files.remove_bytes", _remove_bytes)
SWEEP = Job("files.sweep", _sweep)
SCHEDULES = (Schedule(SWEEP, "40 3 * * 0", spread_seconds=3600),)
