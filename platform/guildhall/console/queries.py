"""What the console reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, String, cast, func, or_, select

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import ActorKind
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.runtime import Runtime
from tenants.models import TenantEvent, TenantRow, TenantStatus
from tenants.registry import Tenant
from tenants.schemas import heads

SOON = timedelta(days=7)


def associations(search: str = "", status: str = "", plan: str = "") -> Select[TenantRow]:
    """Associations by name or slug, state and plan."""
    statement = select(TenantRow)
    if search:
        name = TenantRow.profile["name"].astext
        statement = statement.where(
            or_(
                name.icontains(search, autoescape=True),
                TenantRow.slug.icontains(search, autoescape=True),
                cast(TenantRow.id, String) == search,
            )
        )
    if status:
        statement = statement.where(TenantRow.status == status)
    if plan:
        statement = statement.where(TenantRow.plan == plan)
    return statement


@dataclass(frozen=True, slots=True)
class Overview:
    by_status: dict[str, int]
    trials_ending: list[TenantRow]
    events: list[TenantEvent]

    @property
    def total(self) -> int:
        return sum(count for status, count in self.by_status.items() if status != TenantStatus.PURGED)


def overview(session: UnitOfWork) -> Overview:
    counts = select(TenantRow.status, func.count()).group_by(TenantRow.status)
    ending = select(TenantRow).where(TenantRow.status == TenantStatus.TRIAL, TenantRow.trial_ends_at < now() + SOON)
    return Overview(
        by_status=dict(session.execute(counts).all()),
        trials_ending=list(session.scalars(ending.order_by(TenantRow.trial_ends_at).limit(8))),
        events=list(session.scalars(select(TenantEvent).order_by(TenantEvent.at.desc()).limit(10))),
    )


def events_of(session: UnitOfWork, tenant_id: UUID) -> list[TenantEvent]:
    statement = select(TenantEvent).where(TenantEvent.tenant_id == tenant_id).order_by(TenantEvent.at.desc())
    return list(session.scalars(statement.limit(50)))


def names(session: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(TenantRow.id, TenantRow.profile["name"].astext).where(TenantRow.id.in_(ids)))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Health:
    """How a house does: what its schema lacks, jobs that gave up, and when somebody of it last did something."""

    schema_behind: tuple[str, ...]
    failed_jobs: int
    last_activity: datetime | None

    @property
    def good(self) -> bool:
        return not self.schema_behind and not self.failed_jobs


def health(runtime: Runtime, tenant: Tenant) -> Health:
    """Read from the house itself, in three cheap queries."""
    newest = heads(runtime.registry)
    behind = tuple(branch for branch, revision in tenant.revisions if newest.get(branch) != revision)
    with runtime.db.begin(tenant) as session:
        failed = session.scalar(select(func.count()).select_from(JobRow).where(JobRow.state == JobState.FAILED))
        last = session.scalar(select(func.max(AuditEntry.at)).where(AuditEntry.actor_kind == ActorKind.PERSON))
    return Health(behind, failed or 0, last)


@dataclass(frozen=True, slots=True)
class Usage:
    """A meter of a house, read from the house itself."""

    label: object
    value: int


def usage(runtime: Runtime, tenant: Tenant) -> list[Usage]:
    """The meters of a house's active modules; each is one cheap query in the house's own transaction."""
    with runtime.db.begin(tenant) as session:
        return [
            Usage(meter.label, meter.count(session))
            for module in runtime.registry.active(tenant.modules)
            for meter in module.meters
        ]
