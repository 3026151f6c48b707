"""What people want to receive."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from sqlalchemy import delete, select

from guildhall.core.crypto import Vault
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.house import House
from guildhall.core.messages import Channel, MessageKind
from modules.messaging.enums import BlockReason
from modules.messaging.models import Preference
from modules.messaging.services.addresses import block

Choice = tuple[str, str]
"""Kind and channel."""


def refused(session: UnitOfWork, person_id: UUID) -> set[Choice]:
    """What a person does not want."""
    rows = session.execute(select(Preference.kind, Preference.channel).where(Preference.person_id == person_id))
    return {(kind, channel) for kind, channel in rows}


def optional(kinds: Iterable[MessageKind]) -> Iterator[Choice]:
    """What can be refused: what is not necessary, on the channels that leave the association's pages."""
    return (
        (kind.name, channel.value)
        for kind in kinds
        if not kind.transactional
        for channel in kind.channels
        if channel is not Channel.IN_APP
    )


def set_refused(session: UnitOfWork, person_id: UUID, choices: Iterable[Choice], kinds: Iterable[MessageKind]) -> None:
    """Take a person's choices in place of the earlier ones. What cannot be refused is ignored."""
    session.execute(delete(Preference).where(Preference.person_id == person_id))
    possible = set(optional(kinds))
    for kind, channel in sorted(set(choices) & possible):
        session.add(Preference(person_id=person_id, kind=kind, channel=channel))
    session.flush()


def unsubscribe_path(house: House, vault: Vault, address: str, person_id: UUID | None, kind: str) -> str:
    """The page on which somebody ends a kind of mail without signing in."""
    token = vault.sign([address, str(person_id or ""), kind], purpose=_purpose(house))
    return f"/messages/unsubscribe/{token}"


def unsubscribe(session: UnitOfWork, vault: Vault, token: str) -> None:
    """End a kind of mail for a person; for an address without an account, all that are not necessary.

    Raises:
        NotFound: the link was altered, or is of another house.
    """
    address, person_id, kind = read_unsubscribe(session.house, vault, token)
    if not person_id:
        block(session, address, BlockReason.UNSUBSCRIBED)
    elif session.get(Preference, (UUID(person_id), kind, Channel.EMAIL)) is None:
        session.add(Preference(person_id=UUID(person_id), kind=kind, channel=Channel.EMAIL))
        session.flush()


def read_unsubscribe(house: House, vault: Vault, token: str) -> tuple[str, str, str]:
    """Address, person and kind of a link.

    Raises:
        NotFound: it was altered, or is of another house.
    """
    value = vault.unsign(token, purpose=_purpose(house))
    if not isinstance(value, list):
        raise NotFound
    address, person_id, kind = value
    return address, person_id, kind


def _purpose(house: House) -> str:
    return f"messaging/unsubscribe/{house.id}"
