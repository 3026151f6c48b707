"""Kinds of files: what may be uploaded where, found out from the content and never from what the sender claims."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

import filetype

from modules.files.errors import ArchiveTooBig, ContentMismatch, WrongFileType

MEGABYTE = 1024 * 1024
_HEAD_BYTES = 8192


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind: its media type and the endings that its names may have."""

    media_type: str
    endings: tuple[str, ...]


JPEG = FileType("image/jpeg", ("jpg", "jpeg"))
PNG = FileType("image/png", ("png",))
WEBP = FileType("image/webp", ("webp",))
GIF = FileType("image/gif", ("gif",))
PDF = FileType("application/pdf", ("pdf",))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))
PPTX = FileType("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",))
ZIP = FileType("application/zip", ("zip",))
CSV = FileType("text/csv", ("csv",))
TEXT = FileType("text/plain", ("txt", "md"))

_PLAIN = (CSV, TEXT)
_ZIPPED = (DOCX, XLSX, PPTX, ZIP)
_ALL = (JPEG, PNG, WEBP, GIF, PDF, *_ZIPPED, *_PLAIN)
INLINE_TYPES = frozenset(kind.media_type for kind in (JPEG, PNG, WEBP, GIF, PDF))
"""What a browser may show in the page; everything else is downloaded."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an upload may be."""

    types: tuple[FileType, ...]
    max_bytes: int = 20 * MEGABYTE

    @property
    def endings(self) -> tuple[str, ...]:
        return tuple(ending for kind in self.types for ending in kind.endings)

    @property
    def accept(self) -> str:
        """For the `accept` attribute of a file field."""
        return ",".join(f".{ending}" for ending in self.endings)


IMAGES = Allowed((JPEG, PNG, WEBP, GIF), 10 * MEGABYTE)
SPREADSHEETS = Allowed((XLSX, CSV), 20 * MEGABYTE)
DOCUMENTS = Allowed(_ALL)


def type_of(name: str, content: IO[bytes], allowed: Allowed, *, field: str = "file") -> FileType:
    """What the content is, if its name says the same and it is allowed here.

    Raises:
        WrongFileType, ContentMismatch: it is not.
    """
    kind = _by_ending(name, allowed.types)
    if kind is None:
        raise WrongFileType(field=field, allowed=", ".join(allowed.endings))
    content.seek(0)
    head = content.read(_HEAD_BYTES)
    content.seek(0)
    if not _fits(kind, head, content):
        raise ContentMismatch(field=field)
    return kind


def check_archive(
    content: IO[bytes],
    *,
    max_entries: int = 5_000,
    max_unpacked_bytes: int = 300 * MEGABYTE,
    max_ratio: int = 200,
    field: str = "file",
) -> None:
    """Refuse a ZIP (XLSX and DOCX are one) that would unpack to far more than it is, by its directory alone.

    `zipfile` never unpacks more of an entry than the directory says, so that a false directory gains nothing.

    Raises:
        ArchiveTooBig: there are too many entries, too many bytes, or a suspicious ratio.
        ContentMismatch: it is no readable archive.
    """
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ContentMismatch(field=field) from error
    finally:
        content.seek(0)
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    small = unpacked <= MEGABYTE  # a ratio says nothing of a few kilobytes
    if len(entries) > max_entries or unpacked > max_unpacked_bytes or not (small or unpacked / packed <= max_ratio):
        raise ArchiveTooBig(field=field)


def is_zipped(kind: FileType) -> bool:
    return kind in _ZIPPED


def _by_ending(name: str, kinds: Iterable[FileType]) -> FileType | None:
    ending = name.rpartition(".")[2].lower()
    return next((kind for kind in kinds if ending in kind.endings), None)


def _fits(kind: FileType, head: bytes, content: IO[bytes]) -> bool:
    if kind in _PLAIN:
        return _is_text(head)
    if kind in _ZIPPED:
        return _zip_holds(kind, content)
    guessed = filetype.guess_mime(head)
    return bool(guessed == kind.media_type)


def _is_text(head: bytes) -> bool:
    """No known binary format, and no NUL but in UTF-16, which has them everywhere and says so at its start."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\0" not in head and filetype.guess(head) is None


_MARKS = {DOCX: "word/", XLSX: "xl/", PPTX: "ppt/", ZIP: ""}


def _zip_holds(kind: FileType, content: IO[bytes]) -> bool:
    """Office files are archives with a folder of their own."""
    try:
        with zipfile.ZipFile(content) as archive:
            return any(name.startswith(_MARKS[kind]) for name in archive.namelist()) or not _MARKS[kind]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    finally:
        content.seek(0)
