"""An association's standing with the vendor: trial → active → past due → suspended → closed (→ purged).

Each step says from which states it may be taken; whatever else is asked for is refused. Each is noted with who took it,
when and why, and leaves the association's data alone. Purging is in `tenants.purge`.
"""

from dataclasses import dataclass
from uuid import UUID

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


ACTIVATED = Step("activated", frozenset({TRIAL, PAST_DUE}), ACTIVE)
MARKED_PAST_DUE = Step("marked_past_due", frozenset({TRIAL, ACTIVE}), PAST_DUE)
SUSPENSION = Step("suspended", OPEN, SUSPENDED)
CLOSURE = Step("closed", OPEN | {SUSPENDED}, CLOSED)
RESUMPTION = Step("resumed", frozenset({SUSPENDED, CLOSED}), None)
STEPS = (ACTIVATED, MARKED_PAST_DUE, SUSPENSION, CLOSURE, RESUMPTION)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The steps, as verbs. Each returns the association anew.

    Raises:
        NotAllowedNow: the association's status does not allow the step.
        NotFound: there is no such association.
    """

    runtime: Runtime
    tenants: TenantRegistry
    actor: Actor = SYSTEM

    def activate(self, tenant_id: UUID, reason: str = "") -> Tenant:
        """The trial became a subscription, or what was due is paid."""
        return self._take(ACTIVATED, tenant_id, reason)

    def mark_past_due(self, tenant_id: UUID, reason: str = "") -> Tenant:
        """The subscription is not paid; the house stays open."""
        return self._take(MARKED_PAST_DUE, tenant_id, reason)

    def suspend(self, tenant_id: UUID, reason: str, notice: str = "") -> Tenant:
        """The house shows a notice, to everybody; `notice` is added to it."""
        return self._take(SUSPENSION, tenant_id, reason, notice)

    def resume(self, tenant_id: UUID, reason: str = "") -> Tenant:
        """Back to the state before it was suspended or closed."""
        return self._take(RESUMPTION, tenant_id, reason)

    def close(self, tenant_id: UUID, reason: str, notice: str = "") -> Tenant:
        """The association leaves. Its data is kept until it is purged."""
        return self._take(CLOSURE, tenant_id, reason, notice)

    def _take(self, step: Step, tenant_id: UUID, reason: str, notice: str = "") -> Tenant:
        with self.runtime.db.begin(self.runtime.platform, self.actor) as session:
            row = locked(session, tenant_id)
            before = TenantStatus(row.status)
            if before not in step.sources:
                raise NotAllowedNow(status=before.label)
            row.status = step.target or _open_before(session, row)
            row.notice = notice
            note(session, row, step.kind, reason=reason, before=before.value)
            changes = {"status": [before.value, row.status]}
            audit.record(session, f"tenants.{step.kind}", label=str(row.id), changes=changes, reason=reason)
            changed = snapshot(self.runtime, row)
        self.tenants.changed(tenant_id)
        return changed


def _open_before(session: UnitOfWork, row: TenantRow) -> TenantStatus:
    """The state in which the association was last open. One that was restored closed has none: it is active."""
    left = TenantEvent.kind.in_([SUSPENSION.kind, CLOSURE.kind])
    events = select(TenantEvent.details).where(TenantEvent.tenant_id == row.id, left).order_by(TenantEvent.id.desc())
    states = (TenantStatus(details["before"]) for details in session.scalars(events))
    return next((state for state in states if state in OPEN), ACTIVE)
