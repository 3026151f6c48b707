"""Spare schemas: built and migrated like tenants, so that onboarding is a claim and a seed in one commit."""

from sqlalchemy import func, select

from guildhall.core.db import UnitOfWork
from guildhall.core.runtime import Runtime
from tenants import schemas
from tenants.models import SpareSchema
from tenants.provisioning import build_spare

# One worker at a time; the others find nothing to do.
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('guildhall.spares'))"


def replenish(runtime: Runtime) -> int:
    """Bring the number of up-to-date spares to what the settings ask for; how many are ready now.

    Outdated ones are thrown away: the fleet's migration brings along what it meets, and what it could not is not worth
    mending.
    """
    with runtime.owner_db.begin(runtime.platform) as session:
        if not session.connection().exec_driver_sql(_LOCK).scalar():
            return count_ready(session)
        _drop_outdated(session)
        ready = count_ready(session)
        for _ in range(ready, runtime.settings.spare_schemas):
            build_spare(runtime)
            ready += 1
    return ready


def count_ready(session: UnitOfWork) -> int:
    """Spares that an onboarding could claim now."""
    current = SpareSchema.revisions == schemas.heads(session.registry)
    return session.scalar(select(func.count()).select_from(SpareSchema).where(current)) or 0


def _drop_outdated(session: UnitOfWork) -> None:
    outdated = select(SpareSchema).where(SpareSchema.revisions != schemas.heads(session.registry))
    for spare in session.scalars(outdated.with_for_update(skip_locked=True)):
        schemas.drop(session.connection(), spare.id)
        session.delete(spare)
