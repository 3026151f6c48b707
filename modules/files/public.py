"""What other modules may use of files."""

from datetime import timedelta
from typing import IO

from guildhall.core.db import UnitOfWork
from guildhall.core.runtime import Runtime
from modules.files.enums import Visibility
from modules.files.errors import UploadRefused
from modules.files.models import File
from modules.files.services import access
from modules.files.services.removal import delete_file as delete
from modules.files.services.uploads import store_bytes, store_image, store_upload
from modules.files.types import (
    CSV,
    DOCUMENTS,
    IMAGES,
    JPEG,
    PDF,
    PNG,
    SPREADSHEETS,
    XLSX,
    ZIP,
    Allowed,
    FileType,
    check_archive,
)


def file_url(file: File) -> str:
    """The file's address within the house; who may open it is checked there."""
    return file.path


def signed_url(session: UnitOfWork, runtime: Runtime, file: File, lifetime: timedelta) -> str:
    """An absolute link that opens the file for whoever holds it, until its time is over."""
    return access.signed_url(session.house, runtime.vault, file, lifetime)


def read(runtime: Runtime, file: File) -> IO[bytes]:
    """The bytes. The caller has checked who asks, and closes it.

    Raises:
        NotFound: the store has lost them.
    """
    return access.open_file(runtime, file)


__all__ = [
    "CSV",
    "DOCUMENTS",
    "IMAGES",
    "JPEG",
    "PDF",
    "PNG",
    "SPREADSHEETS",
    "XLSX",
    "ZIP",
    "Allowed",
    "File",
    "FileType",
    "UploadRefused",
    "Visibility",
    "check_archive",
    "delete",
    "file_url",
    "read",
    "signed_url",
    "store_bytes",
    "store_image",
    "store_upload",
]
