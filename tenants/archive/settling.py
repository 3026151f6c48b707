"""What a copy must not take over from the original: else both would send, call and let in."""

from sqlalchemy import update

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.module import Copying
from guildhall.core.webhooks.services import disconnect
from tenants.registry import Tenant


def settle(session: UnitOfWork, restored: Tenant, copying: Copying) -> None:
    """Enter the new association, and end there what belongs to the original."""
    session.enter(restored.as_owner())
    for module in session.registry.keeping(restored):
        if module.copied is not None:
            module.copied(session, copying)
    if copying is Copying.CLONED:
        pending = update(JobRow).where(JobRow.state == JobState.PENDING)
        session.execute(pending.values(state=JobState.CANCELLED))
        disconnect(session)
        audit.record(session, "tenants.cloned")
    session.flush()
