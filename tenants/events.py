"""Noting each step of an association's life."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from tenants.models import TenantEvent, TenantRow


def note(session: UnitOfWork, row: TenantRow, kind: str, *, reason: str = "", **details: Any) -> None:
    """Write who did what to an association, and why, into the platform's tables."""
    actor = session.actor
    session.add(
        TenantEvent(
            tenant_id=row.id,
            kind=kind,
            actor_label=actor.label,
            actor_id=actor.id,
            reason=reason or actor.reason,
            details=details,
        )
    )
    session.flush()


def history(tenant_id: UUID) -> Select[tuple[TenantEvent]]:
    """What happened to an association, newest first."""
    return select(TenantEvent).where(TenantEvent.tenant_id == tenant_id).order_by(TenantEvent.id.desc())


def locked(session: UnitOfWork, tenant_id: UUID) -> TenantRow:
    """The association's row, held until the transaction ends: its changes come one after another.

    Raises:
        NotFound: there is none.
    """
    row = session.get(TenantRow, tenant_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row
