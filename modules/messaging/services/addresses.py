"""Addresses that get nothing but what they must."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from modules.messaging.enums import BlockReason
from modules.messaging.models import BlockedAddress


def blocked(session: UnitOfWork, address: str) -> BlockedAddress | None:
    """Why the address is blocked, if it is."""
    return session.get(BlockedAddress, address.lower())


def block(session: UnitOfWork, address: str, reason: BlockReason, detail: str = "") -> None:
    """Send nothing more to an address than it must have. A second reason takes the place of the first."""
    values = {"reason": reason.value, "detail": detail[:500], "blocked_at": now()}
    statement = insert(BlockedAddress).values(address=address.lower(), **values)
    session.execute(statement.on_conflict_do_update(index_elements=["address"], set_=values))
    session.expire_all()


def unblock(session: UnitOfWork, address: str) -> None:
    """Try the address again; nothing happens if it was not blocked."""
    if blocked(session, address) is not None:
        session.execute(delete(BlockedAddress).where(BlockedAddress.address == address.lower()))
        session.expire_all()
        audit.record(session, "messaging.address_unblocked", label=address)
