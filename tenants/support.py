"""The vendor's staff in a house: with a reason, for a limited time, seen by the association."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from guildhall.core.clock import now
from guildhall.core.crypto import fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import Invalid
from guildhall.core.i18n import _l
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.ids import token
from tenants.models import SupportAccess, TenantEvent

LONGEST = timedelta(hours=4)
SHORTEST_REASON = 10


class ReasonTooShort(Invalid):
    code = "reason_too_short"
    message = _l("Say in a sentence why: the association will read it.")


def open_access(session: UnitOfWork, tenant_id: UUID, reason: str, duration: timedelta) -> tuple[SupportAccess, str]:
    """Begin a visit, in the platform's unit of work; the actor is the visitor. Returns it with its secret.

    Raises:
        ReasonTooShort
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort(fields={"reason": ReasonTooShort.message})
    secret, staff = token(), session.actor
    if staff.kind is not ActorKind.STAFF or staff.id is None:
        msg = "only staff can open a visit"
        raise PermissionError(msg)
    access = SupportAccess(
        tenant_id=tenant_id,
        staff_id=staff.id,
        staff_label=staff.label,
        reason=reason.strip(),
        token_hash=fingerprint(secret),
        expires_at=now() + min(duration, LONGEST),
    )
    event = TenantEvent(
        tenant_id=tenant_id, kind="support_opened", actor_label=staff.label, actor_id=staff.id, reason=access.reason
    )
    session.add_all((access, event))
    session.flush()
    return access, secret


def find_access(session: UnitOfWork, tenant_id: UUID, secret: str) -> SupportAccess | None:
    """The running visit to this association that the secret opens."""
    statement = visits(tenant_id).where(SupportAccess.token_hash == fingerprint(secret))
    return session.scalar(statement.where(SupportAccess.ended_at.is_(None), SupportAccess.expires_at > now()))


def end_access(session: UnitOfWork, access: SupportAccess) -> None:
    """End a visit; the association may do so too."""
    if access.ended_at is None:
        access.ended_at = now()
        actor = session.actor
        session.add(
            TenantEvent(tenant_id=access.tenant_id, kind="support_ended", actor_label=actor.label, actor_id=actor.id)
        )


def visits(tenant_id: UUID) -> Select[SupportAccess]:
    """Every visit to an association, newest first."""
    return select(SupportAccess).where(SupportAccess.tenant_id == tenant_id).order_by(SupportAccess.started_at.desc())


def visitor(access: SupportAccess, permissions: frozenset[str]) -> Actor:
    """The actor of a visit; what it does stands in the association's audit log with the reason."""
    return Actor(ActorKind.SUPPORT, access.staff_id, access.staff_label, permissions, access.id, reason=access.reason)
