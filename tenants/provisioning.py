"""Onboarding: an association's schema, registry row and first rows, in one commit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, union_all
from sqlalchemy.exc import IntegrityError

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.ids import uuid7
from guildhall.core.jobs.queue import enqueue_named
from guildhall.core.observability import metrics
from guildhall.core.runtime import Runtime
from tenants import schemas
from tenants.errors import SlugInvalid, SlugReserved, SlugTaken, UnknownModule
from tenants.models import HostKind, SpareSchema, TenantEvent, TenantHost, TenantRow, TenantStatus
from tenants.profile import Profile
from tenants.registry import Tenant, TenantRegistry, snapshot
from tenants.slugs import is_reserved, is_well_formed, skeleton, suggest

TRIAL = timedelta(days=30)
# The platform's job that builds the next spare; `tenants.jobs` declares it.
REPLENISH_SPARES = "tenants.replenish_spares"
TEMPLATES = ("chamber", "trade", "professional", "alumni")

# Writes an association's first rows into its own schema, in the transaction that onboards it.
Furnish = Callable[[UnitOfWork, Tenant], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTenant:
    slug: str
    profile: Profile
    plan: str = "trial"
    modules: tuple[str, ...] = ()
    template: str = "chamber"


@dataclass(frozen=True, slots=True)
class Provisioned:
    tenant: Tenant
    elapsed_ms: float
    from_spare: bool


def provision(
    runtime: Runtime, tenants: TenantRegistry, order: NewTenant, furnish: Furnish, actor: Actor = SYSTEM
) -> Provisioned:
    """Bring an association into being; its house answers as soon as this returns.

    With a spare schema ready this is a claim and a seed. Without one the schema is built first, in a transaction of the
    owner that hands it over as a spare. When anything fails nothing of the association is left, and a schema that was
    built waits for the next one.

    Raises:
        SlugInvalid, SlugReserved, SlugTaken, UnknownModule: with the field that is wrong and a suggestion.
    """
    started = perf_counter()
    check_modules(runtime, order.modules)
    try:
        with runtime.db.begin(runtime.platform, actor) as session:
            check_slug(session, order.slug)
            spare = _claim(session)
            from_spare = spare is not None
            if spare is None:
                spare = _claim_built(session, build_spare(runtime))
            tenant = _register(runtime, session, spare, order, actor)
            enqueue_named(session, REPLENISH_SPARES, module="", payload={})
            session.enter(tenant)
            furnish(session, tenant)
    except IntegrityError as error:
        if "slug" not in str(error.orig):
            raise
        raise _taken(runtime, order.slug) from error
    tenants.changed(tenant.id)
    elapsed = perf_counter() - started
    metrics.provision_seconds.labels(str(from_spare)).observe(elapsed)
    return Provisioned(tenant, elapsed * 1000, from_spare)


def build_spare(runtime: Runtime) -> UUID:
    """Build one schema and put it among the spares; returns its id."""
    spare_id = uuid7()
    with runtime.owner_db.connect(schemas.PLATFORM_OWNER) as connection:
        revisions = schemas.build(runtime, connection, spare_id)
        values = {"id": spare_id, "schema": schemas.name_of(spare_id), "revisions": revisions, "created_at": now()}
        connection.execute(SpareSchema.__table__.insert().values(values))  # type: ignore[attr-defined]
    return spare_id


def check_modules(runtime: Runtime, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in runtime.registry.by_name:
            raise UnknownModule(fields={"modules": UnknownModule(name=name)}, name=name)


def check_slug(session: UnitOfWork, slug: str, *, own: UUID | None = None) -> None:
    """Refuse a slug that cannot be one, is kept back, is taken, or looks like one that is.

    What the association `own` has or had does not stand in its way.
    """
    if not is_well_formed(slug):
        raise SlugInvalid(fields={"slug": SlugInvalid.message})
    if is_reserved(slug):
        raise _refusal(SlugReserved, session, slug)
    if not _is_free(session, slug, own):
        raise _refusal(SlugTaken, session, slug)


def _refusal(kind: type[SlugReserved | SlugTaken], session: UnitOfWork, slug: str) -> SlugReserved | SlugTaken:
    suggestion = suggest(slug, lambda candidate: _is_free(session, candidate))
    error = kind(suggestion=suggestion)
    error.fields = {"slug": str(error)}
    return error


def _taken(runtime: Runtime, slug: str) -> SlugTaken:
    """Two asked for one slug at the same moment; the database let one through."""
    with runtime.db.begin(runtime.platform) as session:
        return _refusal(SlugTaken, session, slug)  # type: ignore[return-value]


def _is_free(session: UnitOfWork, slug: str, own: UUID | None = None) -> bool:
    alike = select(TenantRow.id).where(TenantRow.slug_skeleton == skeleton(slug))
    former = select(TenantHost.tenant_id).where(
        TenantHost.kind == HostKind.FORMER_SLUG, TenantHost.host.startswith(f"{slug}.", autoescape=True)
    )
    return all(found == own for found in session.scalars(union_all(alike, former)))


def _claim(session: UnitOfWork) -> SpareSchema | None:
    """Take a spare whose tables are up to date; two onboardings never take the same one."""
    return _take(session, SpareSchema.revisions == schemas.heads(session.registry))


def _claim_built(session: UnitOfWork, spare_id: UUID) -> SpareSchema:
    # Another onboarding may have claimed the one that was just built for this one; then there is another to build.
    claimed = _take(session, SpareSchema.id == spare_id) or _claim(session)
    if claimed is None:
        msg = "the schema that was built for this association has gone"
        raise RuntimeError(msg)
    return claimed


def _take(session: UnitOfWork, condition: ColumnElement[bool]) -> SpareSchema | None:
    free = select(SpareSchema.id).where(condition).order_by(SpareSchema.id).limit(1).with_for_update(skip_locked=True)
    taken = delete(SpareSchema).where(SpareSchema.id == free.scalar_subquery()).returning(SpareSchema)
    spare = session.scalar(taken, execution_options={"synchronize_session": False})
    if spare is not None:
        session.expunge(spare)
    return spare


def _register(runtime: Runtime, session: UnitOfWork, spare: SpareSchema, order: NewTenant, actor: Actor) -> Tenant:
    row = TenantRow(
        id=spare.id,
        slug=order.slug,
        slug_skeleton=skeleton(order.slug),
        status=TenantStatus.TRIAL,
        schema=spare.schema,
        revisions=spare.revisions,
        modules=sorted(set(order.modules)),
        plan=order.plan,
        template=order.template,
        profile=order.profile.to_json(),
        trial_ends_at=now() + TRIAL,
        hosts=[],
    )
    session.add(row)
    event = TenantEvent(
        tenant_id=row.id, kind="created", actor_label=actor.label, actor_id=actor.id, details={"plan": order.plan}
    )
    session.flush()
    session.add(event)
    session.flush()
    return snapshot(runtime, row)
