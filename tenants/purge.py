"""Removing data for good: an association's, or one module's of an association. Both export first and are typed out.

A purged association keeps one row in the registry, with its id, its plan and its steps: nothing that names anybody.
"""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from psycopg import sql
from sqlalchemy import delete, select, update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.config import SettingValue
from guildhall.core.db import UnitOfWork
from guildhall.core.db.scope import enter_statement
from guildhall.core.house import PLATFORM_SCOPE, Scope
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.module import Module
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from tenants import schemas
from tenants.archive.export import EXPORTED, export_tenant
from tenants.archive.tables import driver_of
from tenants.errors import ExportNeeded, ModuleInUse, NotAllowedNow, NotConfirmed
from tenants.events import locked, note
from tenants.models import SupportAccess, TenantEvent, TenantRow, TenantStatus
from tenants.modules import find
from tenants.profile import Profile
from tenants.registry import Tenant, TenantRegistry, snapshot

EXPORT_HOLDS = timedelta(days=1)
PURGED = "purged"


def purge_tenant(
    runtime: Runtime, tenants: TenantRegistry, tenant_id: UUID, confirmation: str, actor: Actor = SYSTEM
) -> None:
    """Remove a closed association: schema, role, files, what Redis knows, and every name in the registry.

    Run again after an interruption, it finishes the rest.

    Raises:
        NotFound: there is no such association.
        NotAllowedNow: it is not closed.
        NotConfirmed: `confirmation` is not its slug.
        ExportNeeded: it was not exported within the last day.
    """
    with runtime.owner_db.begin(runtime.platform, actor) as session:
        row = locked(session, tenant_id)
        if row.status != TenantStatus.PURGED:
            _demand_closed(row, confirmation)
            _demand_export(session, tenant_id)
            schemas.drop(session.connection(), tenant_id)
            _anonymise(session, row)
            note(session, row, PURGED)
            audit.record(session, "tenants.purged", label=str(tenant_id))
    tenants.changed(tenant_id)
    runtime.storage.delete_all(key_of(tenant_id))
    for key in runtime.redis.scan_iter(match=f"*{tenant_id}*", count=1000):
        runtime.redis.delete(key)


def _demand_closed(row: TenantRow, confirmation: str) -> None:
    if row.status != TenantStatus.CLOSED:
        raise NotAllowedNow(status=TenantStatus(row.status).label)
    if confirmation != row.slug:
        error = NotConfirmed(expected=row.slug)
        error.fields = {"confirmation": str(error)}
        raise error


def _demand_export(session: UnitOfWork, tenant_id: UUID) -> None:
    recent = select(TenantEvent.id).where(
        TenantEvent.tenant_id == tenant_id, TenantEvent.kind == EXPORTED, TenantEvent.at > now() - EXPORT_HOLDS
    )
    if session.scalar(recent.limit(1)) is None:
        raise ExportNeeded


def _anonymise(session: UnitOfWork, row: TenantRow) -> None:
    row.slug = row.slug_skeleton = f"purged-{row.id.hex}"
    row.status = TenantStatus.PURGED
    row.profile = Profile(name="").to_json()
    row.notice, row.modules, row.revisions, row.hosts = "", [], {}, []
    session.execute(delete(SupportAccess).where(SupportAccess.tenant_id == row.id))
    nameless = {"actor_label": "", "reason": "", "details": {}}
    session.execute(update(TenantEvent).where(TenantEvent.tenant_id == row.id).values(nameless))


def purge_module(
    runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, name: str, *, confirmation: str, archive: Path
) -> Tenant:
    """Remove all rows and files of a module that is off; the whole association is exported into `archive` first.

    The module's tables are dropped and laid out anew, empty, so that the schema stays like every other.

    Raises:
        UnknownModule
        NotConfirmed: `confirmation` is not the module's name.
        ModuleInUse: it is on, or rows of another module refer to its rows.
    """
    module = find(runtime, name)
    if confirmation != name:
        raise NotConfirmed(expected=name)
    if name in tenant.modules:
        raise ModuleInUse(label=module.label)
    export_tenant(runtime, tenant.id, archive)
    with runtime.owner_db.begin(runtime.platform) as session:
        row = locked(session, tenant.id)
        if name in snapshot(runtime, row).modules:
            raise ModuleInUse(label=module.label)
        row.revisions = _lay_out_anew(runtime, session, row, module)
        note(session, row, "module_purged", module=name)
        purged = snapshot(runtime, row)
        _tell_others(session, purged, name)
    tenants.changed(tenant.id)
    return purged


def _lay_out_anew(runtime: Runtime, session: UnitOfWork, row: TenantRow, module: Module) -> dict[str, str]:
    """Drop the module's tables and lay them out again; returns the schema's revisions."""
    connection = session.connection()
    connection.exec_driver_sql(enter_statement(Scope(row.schema, None)))
    _drop_tables(session, module)
    connection.execute(delete(SettingValue).where(SettingValue.module == module.name))
    ours = update(JobRow).where(JobRow.module == module.name, JobRow.state == JobState.PENDING)
    connection.execute(ours.values(state=JobState.CANCELLED, payload={}))
    stamp = row.revisions.get(module.name)
    connection.exec_driver_sql("DELETE FROM alembic_version WHERE version_num = %s", (stamp,))
    connection.exec_driver_sql(enter_statement(PLATFORM_SCOPE))
    rest = {branch: revision for branch, revision in row.revisions.items() if branch != module.name}
    return schemas.upgrade(runtime, connection, row.schema, rest)


def _tell_others(session: UnitOfWork, tenant: Tenant, name: str) -> None:
    """Have the other modules remove what they keep for it: its files, above all."""
    session.enter(tenant.as_owner())
    for module in session.registry.keeping(tenant):
        if module.forget_module is not None:
            module.forget_module(session, name)


def _drop_tables(session: UnitOfWork, module: Module) -> None:
    if not module.models:
        return
    tables = [model.__tablename__ for model in module.models]
    names = sql.SQL(", ").join(sql.Identifier(table) for table in tables)
    driver = driver_of(session.connection())
    if driver.execute(_REFERRERS, {"tables": tables}).fetchone() is not None:
        raise ModuleInUse(label=module.label)
    driver.execute(sql.SQL("DROP TABLE {} CASCADE").format(names))


# A foreign key into the module's tables from a table of another module; its own may point to each other.
_REFERRERS = """
SELECT 1 FROM pg_constraint k
JOIN pg_class source ON source.oid = k.conrelid JOIN pg_class target ON target.oid = k.confrelid
WHERE k.connamespace = current_schema()::regnamespace AND k.contype = 'f'
  AND target.relname = ANY(%(tables)s) AND source.relname <> ALL(%(tables)s)
LIMIT 1
"""
