"""Taking files in."""

import hashlib
import io
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, Protocol

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.ids import uuid7
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from modules.files import pictures
from modules.files.enums import ScanState, Visibility
from modules.files.errors import FileMissing, FileTooLarge, NoRoomLeft
from modules.files.models import File
from modules.files.queries import bytes_used
from modules.files.scanners import scanner_of
from modules.files.services.scans import enqueue_scan
from modules.files.types import DOCUMENTS, IMAGES, Allowed, FileType, check_archive, is_zipped, type_of

_CHUNK = 256 * 1024
_LONGEST_NAME = 200


class Upload(Protocol):
    """What a form's file field gives (werkzeug's FileStorage)."""

    @property
    def filename(self) -> str | None: ...
    @property
    def stream(self) -> IO[bytes]: ...


def store_upload(
    session: UnitOfWork,
    runtime: Runtime,
    upload: Upload | None,
    purpose: str,
    visibility: Visibility,
    *,
    allowed: Allowed = DOCUMENTS,
    permission: str = "",
    field: str = "file",
) -> File:
    """Keep what a person sent, as it is.

    `purpose` begins with the caller's module ("events.material"); errors stand at the form's `field`.

    Raises:
        UploadRefused: nothing was sent, it is too large, of another kind, a bomb, or there is no room left.
    """
    name, content = _received(upload, field)
    _check_size(content, allowed.max_bytes, field)
    kind = type_of(name, content, allowed, field=field)
    if is_zipped(kind):
        check_archive(content, field=field)
    file = _file(name, kind, purpose, visibility, permission)
    return _keep(session, runtime, content, file, field)


def store_image(
    session: UnitOfWork,
    runtime: Runtime,
    upload: Upload | None,
    purpose: str,
    visibility: Visibility,
    *,
    max_side: int = 2000,
    permission: str = "",
    field: str = "file",
) -> File:
    """Keep a picture, encoded anew: upright, at most `max_side` pixels long, without its metadata.

    Raises:
        UploadRefused: as `store_upload`, or it has too many pixels or cannot be read.
    """
    name, content = _received(upload, field)
    _check_size(content, IMAGES.max_bytes, field)
    type_of(name, content, IMAGES, field=field)
    picture, kind = pictures.reencode(content, max_side=max_side, field=field)
    file = _file(f"{name.rpartition('.')[0]}.{kind.endings[0]}", kind, purpose, visibility, permission)
    return _keep(session, runtime, picture, file, field)


def store_bytes(
    session: UnitOfWork,
    runtime: Runtime,
    content: bytes,
    name: str,
    kind: FileType,
    *,
    purpose: str,
    visibility: Visibility,
    permission: str = "",
) -> File:
    """Keep what we made ourselves: an export, a certificate.

    Raises:
        NoRoomLeft: the association's storage is full.
    """
    file = _file(clean_name(name), kind, purpose, visibility, permission)
    return _keep(session, runtime, io.BytesIO(content), file, "file")


def _file(name: str, kind: FileType, purpose: str, visibility: Visibility, permission: str) -> File:
    return File(
        id=uuid7(),
        name=name,
        content_type=kind.media_type,
        purpose=purpose,
        visibility=visibility,
        permission=permission,
    )


def _keep(session: UnitOfWork, runtime: Runtime, content: IO[bytes], file: File, field: str) -> File:
    """The bytes go to the store first: a row without bytes would be a broken link, while bytes whose transaction was
    undone are found by the sweep.
    """
    file.size, file.sha256 = _measure(content)
    _demand_room(session, runtime, file.size, field)
    scanned = scanner_of(runtime.settings) is not None
    file.scan_state = ScanState.PENDING if scanned else ScanState.NOT_SCANNED
    file.owner_id = session.actor.person_id
    file.storage_key = key_of(session.house.id, "files", str(file.id))
    runtime.storage.put(file.storage_key, content, file.content_type)
    session.add(file)
    session.flush()
    audit.record(session, "files.file_stored", file, changes={"purpose": file.purpose, "size": file.size})
    if scanned:
        enqueue_scan(session, file)
    return file


def clean_name(name: str) -> str:
    """A file name for people: no folders in any system's spelling, no control characters, not too long."""
    base = PurePosixPath(PureWindowsPath(name).name).name
    kept = "".join(character for character in base if character.isprintable()).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if stem else kept[:_LONGEST_NAME]


def _received(upload: Upload | None, field: str) -> tuple[str, IO[bytes]]:
    name = clean_name(upload.filename or "") if upload is not None else ""
    if upload is None or not name:
        raise FileMissing(field=field)
    return name, upload.stream


def _check_size(content: IO[bytes], limit: int, field: str) -> None:
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    if size == 0:
        raise FileMissing(field=field)
    if size > limit:
        raise FileTooLarge(field=field, limit=megabytes(limit))


def _measure(content: IO[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    content.seek(0)
    return size, digest.hexdigest()


def _demand_room(session: UnitOfWork, runtime: Runtime, size: int, field: str) -> None:
    # Two uploads at one moment may both pass: a quota that is overdrawn by one file harms nobody, a lock would.
    limit = runtime.settings.storage_quota_mb * 1024 * 1024
    if bytes_used(session) + size > limit:
        raise NoRoomLeft(field=field, limit=megabytes(limit))


def megabytes(size: int) -> str:
    """A limit as people read it."""
    return f"{size // (1024 * 1024)} MB"
