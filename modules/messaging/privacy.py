"""A person's messages: given to them, and forgotten."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.module import PersonalData
from guildhall.core.payload import encode
from modules.messaging.models import BlockedAddress, Message, Preference
from modules.messaging.services.preferences import refused

_EXPORTED = ("kind", "channel", "address", "title", "body", "status", "created_at", "sent_at", "read_at")


def export(session: UnitOfWork, person_id: UUID) -> dict[str, Any]:
    """What was sent to them and what they do not want."""
    messages = session.scalars(select(Message).where(Message.person_id == person_id).order_by(Message.id)).all()
    blocked = session.scalars(select(BlockedAddress).where(BlockedAddress.address.in_(_addresses(session, person_id))))
    return {
        "messages": [{name: encode(getattr(message, name)) for name in _EXPORTED} for message in messages],
        "refused": [{"kind": kind, "channel": channel} for kind, channel in sorted(refused(session, person_id))],
        "blocked_addresses": [{"address": one.address, "reason": one.reason} for one in blocked],
    }


def erase(session: UnitOfWork, person_id: UUID) -> list[str]:
    """The words and addresses go; that something was sent, and when, stays in the log."""
    session.execute(delete(BlockedAddress).where(BlockedAddress.address.in_(_addresses(session, person_id))))
    emptied = update(Message).where(Message.person_id == person_id)
    emptied = emptied.values(address="", title="", body="", words={}, url="")
    sent = session.scalars(emptied.returning(Message.id)).all()
    session.execute(delete(Preference).where(Preference.person_id == person_id))
    session.expire_all()
    return [_("When which kind of message was sent, without words and address.")] if sent else []


def _addresses(session: UnitOfWork, person_id: UUID) -> set[str]:
    """Where messages to them went: the person's own row may have been emptied already."""
    rows = session.scalars(select(Message.address).where(Message.person_id == person_id).distinct())
    return {address.lower() for address in rows if address}


PERSONAL_DATA = PersonalData(frozenset({Message.__tablename__, BlockedAddress.__tablename__}), export, erase)
