"""Idempotency keys: a request that is sent twice takes effect once (draft-ietf-httpapi-idempotency-key-header).

The key is written in the transaction of its effect, so both are kept or neither. A second request with the same key
waits at the unique index for the first: when that commits its answer is replayed, when it fails the second goes on in
its place. What was refused is not kept, and may be tried again with the same key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.api.errors import IdempotencyKeyInvalid, IdempotencyKeyReused
from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal
from guildhall.core.ids import uuid7
from guildhall.core.jobs.contract import Job, JobContext, Schedule

if TYPE_CHECKING:
    from guildhall.core.db import UnitOfWork

KEPT_FOR = timedelta(hours=24)
MOST_CHARACTERS = 255


class IdempotencyKey(Keyed, Base):
    """A request that has taken effect, and its answer.

    Attributes:
        caller_id: the person whose token it was; keys of different people never meet.
        fingerprint: SHA-256 of method, address and body; another request with the same key is refused.
    """

    __tablename__ = "core_idempotency_key"
    __table_args__ = (UniqueConstraint("caller_id", "key"),)

    caller_id: Mapped[UUID]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[str] = personal(default="")
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: str


def claim(session: "UnitOfWork", caller_id: UUID, key: str, fingerprint: str) -> Answer | None:
    """Take a key for this transaction, or give the answer that its first request had.

    Raises:
        IdempotencyKeyInvalid: it is empty, too long or not printable ASCII.
        IdempotencyKeyReused: its first request was another one.
    """
    if not (key.isascii() and key.isprintable() and 0 < len(key) <= MOST_CHARACTERS):
        raise IdempotencyKeyInvalid
    # On the connection rather than through the session: a replay changes nothing that the audit log should hold.
    connection = session.connection()
    mine = (IdempotencyKey.caller_id == caller_id) & (IdempotencyKey.key == key)
    connection.execute(delete(IdempotencyKey).where(mine, IdempotencyKey.expires_at < now()))
    row = {"id": uuid7(), "caller_id": caller_id, "key": key, "fingerprint": fingerprint}
    values = row | {"status": 0, "headers": {}, "body": "", "expires_at": now() + KEPT_FOR}
    statement = insert(IdempotencyKey).values(values).on_conflict_do_nothing(index_elements=["caller_id", "key"])
    if connection.execute(statement.returning(IdempotencyKey.id)).first():
        return None
    found = session.scalars(select(IdempotencyKey).where(mine)).one()
    if found.fingerprint != fingerprint:
        raise IdempotencyKeyReused
    return Answer(found.status, found.headers, found.body)


def keep(session: "UnitOfWork", caller_id: UUID, key: str, answer: Answer) -> None:
    """Remember the answer of the request that claimed the key."""
    mine = (IdempotencyKey.caller_id == caller_id) & (IdempotencyKey.key == key)
    values = {"status": answer.status, "headers": answer.headers, "body": answer.body}
    session.connection().execute(update(IdempotencyKey).where(mine).values(values))


def _forget_expired(context: JobContext) -> None:
    context.session.execute(delete(IdempotencyKey).where(IdempotencyKey.expires_at < now()))


FORGET_EXPIRED = Job("core.forget_idempotency_keys", _forget_expired)
SCHEDULES = (Schedule(FORGET_EXPIRED, "41 * * * *", spread_seconds=3000),)
