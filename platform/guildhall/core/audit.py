"""The audit log: who did what, when, from where. Append-only, and chained by hashes so that tampering shows.

Entries are gathered while the work is done and written just before the commit, because the chain's head is locked from
then on: other transactions of the house wait for the commit alone, not for the work.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Select, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed, personal
from guildhall.core.i18n import _l
from guildhall.core.ids import uuid7
from guildhall.core.payload import encode

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork

GENESIS = "0" * 64
_GATHERED = "audit"

CORE_ACTIONS = {
    "core.settings_changed": _l("Settings changed"),
    "core.settings_reset": _l("Settings set back to their defaults"),
    "core.webhook_created": _l("Webhook created"),
    "core.webhook_changed": _l("Webhook changed"),
    "core.webhook_deleted": _l("Webhook deleted"),
    "core.webhook_secret_rotated": _l("Signing secret of a webhook renewed"),
    "core.webhook_pinged": _l("Test message sent to a webhook"),
    "core.webhook_resent": _l("Webhook sent again"),
    "core.job_retried": _l("Task tried again"),
    "core.job_cancelled": _l("Task called off"),
}
"""What the core notes, in words; modules say their own in `Module.actions`."""


class AuditEntry(Keyed, Base):
    """One thing that somebody did.

    Attributes:
        action: "accounts.role_assigned"; the verb in the past tense.
        changes: field → [before, after]; never a secret.
        reason: why, where it was asked for: support access, rejections, danger-zone acts.
        hash: SHA-256 over the canonical JSON of the entry and its predecessor's hash.
    """

    __tablename__ = "core_audit_entry"
    __table_args__ = (
        Index("ix_core_audit_entry_target", "target_type", "target_id"),
        Index("ix_core_audit_entry_actor_id", "actor_id"),
    )

    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_label: Mapped[str] = personal()
    action: Mapped[str]
    target_type: Mapped[str] = mapped_column(default="")
    target_id: Mapped[str] = mapped_column(default="")
    target_label: Mapped[str] = personal(default="")
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = personal(default="")
    request_id: Mapped[str] = mapped_column(default="")
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The end of the chain: one row."""

    __tablename__ = "core_audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


@dataclass(frozen=True, slots=True)
class Draft:
    action: str
    target_type: str
    target_id: str
    target_label: str
    changes: dict[str, Any]
    reason: str
    at: datetime


def record(
    session: "UnitOfWork",
    action: str,
    target: object = None,
    *,
    changes: Mapping[str, Any] | None = None,
    label: str = "",
    reason: str = "",
) -> None:
    """Note what the current actor did. `target` is a row; its class and id name it."""
    target_type = type(target).__tablename__ if isinstance(target, Base) else ""
    draft = Draft(
        action=action,
        target_type=target_type,
        target_id=str(getattr(target, "id", "") or ""),
        target_label=label or str(getattr(target, "name", "") or ""),
        changes=encode(changes or {}),
        reason=reason or session.actor.reason,
        at=now(),
    )
    drafts = session.gathered.setdefault(_GATHERED, [])
    if not drafts:
        session.before_commit_do(lambda: _append(session, session.gathered.pop(_GATHERED)))
    drafts.append(draft)


def is_noted(session: "UnitOfWork") -> bool:
    """Whether this transaction has something for the log already."""
    return bool(session.gathered.get(_GATHERED))


def _append(session: "UnitOfWork", drafts: list[Draft]) -> None:
    """Append entries to the chain of the session's house. Takes the lock on its head."""
    head = session.scalars(select(AuditHead).with_for_update()).one()
    number, previous = head.number, head.hash
    actor = session.actor
    for draft in drafts:
        number += 1
        entry = AuditEntry(
            id=uuid7(),
            number=number,
            at=draft.at,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_label=actor.label,
            action=draft.action,
            target_type=draft.target_type,
            target_id=draft.target_id,
            target_label=draft.target_label,
            changes=draft.changes,
            reason=draft.reason,
            address=actor.address,
            request_id=actor.request_id,
            previous_hash=previous,
        )
        entry.hash = previous = digest(entry)
        session.add(entry)
    session.flush()
    session.execute(update(AuditHead).values(number=number, hash=previous))


def digest(entry: AuditEntry) -> str:
    """The hash that an entry must carry."""
    columns = [c.key for c in AuditEntry.__table__.columns if c.key != "hash"]
    values = {key: _canonical(getattr(entry, key)) for key in columns}
    text_ = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else encode(value)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a chain is whole; `broken_at` is the number of the first entry that does not fit."""

    entries: int
    broken_at: int | None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def verify(session: "UnitOfWork") -> Verdict:
    """Walk the chain: an entry that was changed, removed or inserted breaks it, and so does a cut-off end."""
    number, previous = 0, GENESIS
    statement = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    with session.scalars(statement) as found:
        for entry in found:
            number += 1
            if entry.number != number or entry.previous_hash != previous or entry.hash != digest(entry):
                return Verdict(number, number)
            previous = entry.hash
    head = session.scalars(select(AuditHead)).one()
    whole = (head.number, head.hash) == (number, previous)
    return Verdict(number, None if whole else number + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries to look for; what is empty does not narrow. `since` counts in, `until` does not."""

    action: str = ""
    actor_id: UUID | None = None
    target_type: str = ""
    target_id: str = ""
    query: str = ""
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Wanted | None = None) -> Select[AuditEntry]:
    """Entries, newest first. `action` also finds what begins with it, such as all of a module's."""
    wanted = wanted or Wanted()
    statement = select(AuditEntry).order_by(AuditEntry.number.desc())
    if wanted.action:
        statement = statement.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    for column in (AuditEntry.actor_id, AuditEntry.target_type, AuditEntry.target_id):
        if value := getattr(wanted, column.key):
            statement = statement.where(column == value)
    if wanted.query:
        found = (c.icontains(wanted.query, autoescape=True) for c in (AuditEntry.target_label, AuditEntry.actor_label))
        statement = statement.where(or_(*found))
    if wanted.since:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        statement = statement.where(AuditEntry.at < wanted.until)
    return statement
