"""An association's standing with the vendor: trial → active → past due → suspended → closed (→ purged).

Each step says from which states it may be taken; whatever else is asked for is refused. Each is noted with who took it,
when and why, and leaves the association's data alone. Purging is in `tenants.purge`.

Every step raises `NotAllowedNow` where the association's status does not allow it, and `NotFound` where there is none;
it returns the association anew.
"""

from dataclasses import dataclass

from sqlalchemy import select

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.runtime import Runtime
from tenants.errors import NotAllowedNow
from tenants.events import locked, note
from tenants.models import TenantEvent, TenantRow, TenantStatus
from tenants.registry import Tenant, TenantRegistry, snapshot

TRIAL, ACTIVE, PAST_DUE = TenantStatus.TRIAL, TenantStatus.ACTIVE, TenantStatus.PAST_DUE
SUSPENDED, CLOSED = TenantStatus.SUSPENDED, TenantStatus.CLOSED
OPEN = frozenset({TRIAL, ACTIVE, PAST_DUE})


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the lifecycle: the kind of its event, where it may be taken, and where it leads (None: back)."""

    kind: str
    sources: frozenset[TenantStatus]
    target: TenantStatus | None


ACTIVATION = Step("activated", frozenset({TRIAL, PAST_DUE}), ACTIVE)
DEFAULT_OF_PAYMENT = Step("past_due", frozenset({TRIAL, ACTIVE}), PAST_DUE)
SUSPENSION = Step("suspended", OPEN, SUSPENDED)
CLOSURE = Step("closed", OPEN | {SUSPENDED}, CLOSED)
RESUMPTION = Step("resumed", frozenset({SUSPENDED, CLOSED}), None)
STEPS = (ACTIVATION, DEFAULT_OF_PAYMENT, SUSPENSION, CLOSURE, RESUMPTION)


def activate(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, reason: str = "", actor: Actor = SYSTEM
) -> Tenant:
    """The trial became a subscription, or what was due is paid."""
    return _take(runtime, tenants, tenant, actor, step=ACTIVATION, reason=reason)


def mark_past_due(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, reason: str = "", actor: Actor = SYSTEM
) -> Tenant:
    """The subscription is not paid; the house stays open."""
    return _take(runtime, tenants, tenant, actor, step=DEFAULT_OF_PAYMENT, reason=reason)


def suspend(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, reason: str, actor: Actor = SYSTEM) -> Tenant:
    """The house shows a notice to everybody."""
    return _take(runtime, tenants, tenant, actor, step=SUSPENSION, reason=reason)


def resume(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, reason: str = "", actor: Actor = SYSTEM
) -> Tenant:
    """Back to the state in which it was last open, from suspended or closed."""
    return _take(runtime, tenants, tenant, actor, step=RESUMPTION, reason=reason)


def close(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, reason: str, actor: Actor = SYSTEM) -> Tenant:
    """The association leaves. Its data is kept until it is purged."""
    return _take(runtime, tenants, tenant, actor, step=CLOSURE, reason=reason)


def _take(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, actor: Actor, *, step: Step, reason: str
) -> Tenant:
    with runtime.db.begin(runtime.platform, actor) as session:
        row = locked(session, tenant.id)
        before = TenantStatus(row.status)
        if before not in step.sources:
            raise NotAllowedNow(status=before.label)
        row.status = step.target or _open_before(session, row)
        note(session, row, step.kind, reason=reason, before=before.value)
        # The log is never changed, so that it names the association by its id alone: a purge must leave no name.
        changes = {"status": [before.value, row.status]}
        audit.record(session, f"tenants.{step.kind}", label=str(row.id), changes=changes)
        changed = snapshot(runtime, row)
    tenants.changed(tenant.id)
    return changed


def _open_before(session: UnitOfWork, row: TenantRow) -> TenantStatus:
    """The state in which the association was last open. One that was restored closed has none: it is active."""
    left = TenantEvent.kind.in_([SUSPENSION.kind, CLOSURE.kind])
    events = select(TenantEvent.details).where(TenantEvent.tenant_id == row.id, left).order_by(TenantEvent.id.desc())
    states = (TenantStatus(details["before"]) for details in session.scalars(events))
    return next((state for state in states if state in OPEN), ACTIVE)
