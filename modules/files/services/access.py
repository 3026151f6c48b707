"""Who may open a file."""

from datetime import timedelta
from typing import IO
from uuid import UUID

from guildhall.core.clock import now
from guildhall.core.crypto import Vault
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound, SignInRequired
from guildhall.core.house import House
from guildhall.core.identity import Actor
from guildhall.core.runtime import Runtime
from modules.files.enums import ScanState, Visibility
from modules.files.errors import BeingScanned
from modules.files.models import File
from modules.files.permissions import SEE_FILES


def readable_file(session: UnitOfWork, actor: Actor, file_id: UUID) -> File:
    """A file that this actor may open.

    Raises:
        NotFound: there is none, or not for this actor, or a virus was found in it.
        SignInRequired: nobody is signed in, and the file is not public.
        BeingScanned: it waits for the virus scanner.
    """
    file: File = session.get_or_404(File, file_id)
    if not may_open(file, actor):
        raise NotFound if actor.signed_in else SignInRequired
    return _safe(file)


def may_open(file: File, actor: Actor) -> bool:
    """Whether the file's visibility lets this actor open it."""
    if file.visibility == Visibility.PUBLIC:
        return True
    if not actor.signed_in:
        return False
    is_owner = file.owner_id is not None and file.owner_id == actor.person_id
    if is_owner or actor.may(SEE_FILES) or file.visibility == Visibility.SIGNED_IN:
        return True
    return file.visibility == Visibility.PERMISSION and actor.may(file.permission)


def signed_url(house: House, vault: Vault, file: File, lifetime: timedelta) -> str:
    """A link that opens one file of this house for whoever holds it, until its time is over."""
    expires = int((now() + lifetime).timestamp())
    token = vault.sign([str(file.id), expires], purpose=_purpose(house))
    return house.url(f"/files/shared/{token}")


def file_of_link(session: UnitOfWork, vault: Vault, token: str) -> File:
    """The file that a signed link opens.

    Raises:
        NotFound: it was altered, is of another house, is too old, or the file has gone.
    """
    value = vault.unsign(token, purpose=_purpose(session.house))
    if not isinstance(value, list):
        raise NotFound
    file_id, expires = value
    if now().timestamp() > expires:
        raise NotFound
    return _safe(session.get_or_404(File, UUID(file_id)))


def open_file(runtime: Runtime, file: File) -> IO[bytes]:
    """The bytes.

    Raises:
        NotFound: the store has lost them.
    """
    try:
        return runtime.storage.open(file.storage_key)
    except FileNotFoundError as error:
        raise NotFound from error


def _purpose(house: House) -> str:
    return f"files/link/{house.id}"


def _safe(file: File) -> File:
    if file.scan_state == ScanState.PENDING:
        raise BeingScanned
    if file.scan_state == ScanState.INFECTED:
        raise NotFound
    return file
