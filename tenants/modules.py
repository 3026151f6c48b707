"""Which modules an association has on.

Off means off everywhere, and keeps the data; on again finds it. Removing the data is an act of its own: `purge_module`
in `tenants.purge`.
"""

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.module import Module
from guildhall.core.runtime import Runtime
from tenants import schemas
from tenants.errors import AlwaysOn, ModuleNeeded, NotInPlan, UnknownModule
from tenants.events import locked, note
from tenants.models import TenantRow
from tenants.registry import Tenant, TenantRegistry, snapshot


def switch_on(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, name: str, actor: Actor = SYSTEM) -> Tenant:
    """Switch on a module and all that it requires, with the rows that they begin with; returns the association anew.

    Nothing happens when it is on already. A module that was installed after the association was onboarded gets its
    tables now.

    Raises:
        UnknownModule, NotInPlan
    """
    module = find(runtime, name)
    wanted = runtime.registry.closure([name])
    _demand_plan(runtime, tenants, tenant, wanted)
    _complete_schema(runtime, tenant)
    with runtime.db.begin(runtime.platform, actor) as session:
        row = locked(session, tenant.id)
        before = snapshot(runtime, row).modules
        row.modules = sorted((before | wanted) - runtime.registry.always_on)
        changed = _changed(runtime, session, row, "module_on", module)
        for added in runtime.registry.active(changed.modules - before):
            if added.seed is not None:
                added.seed(session)
    tenants.changed(tenant.id)
    return changed


def switch_off(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, name: str, actor: Actor = SYSTEM) -> Tenant:
    """Switch off a module; its data stays. Returns the association anew.

    Raises:
        UnknownModule, AlwaysOn
        ModuleNeeded: another module that is on requires it.
    """
    module = find(runtime, name)
    if module.always_on:
        raise AlwaysOn(label=module.label)
    with runtime.db.begin(runtime.platform, actor) as session:
        row = locked(session, tenant.id)
        for dependant in runtime.registry.dependants(name, snapshot(runtime, row).modules):
            raise ModuleNeeded(label=dependant.label)
        row.modules = [other for other in row.modules if other != name]
        changed = _changed(runtime, session, row, "module_off", module)
    tenants.changed(tenant.id)
    return changed


def find(runtime: Runtime, name: str) -> Module:
    """An installed module.

    Raises:
        UnknownModule
    """
    module = runtime.registry.by_name.get(name)
    if module is None:
        raise UnknownModule(name=name)
    return module


def _demand_plan(runtime: Runtime, tenants: TenantRegistry, tenant: Tenant, wanted: frozenset[str]) -> None:
    for name in sorted(wanted - tenant.modules):
        if not tenants.includes(tenant.plan, name):
            raise NotInPlan(label=runtime.registry.by_name[name].label)


def _complete_schema(runtime: Runtime, tenant: Tenant) -> None:
    """Make the tables of modules that the schema does not know yet. As the owner: a tenant's role makes no tables."""
    if not schemas.pending(runtime, dict(tenant.revisions)):
        return
    with runtime.owner_db.begin(runtime.platform) as session:
        row = locked(session, tenant.id)
        row.revisions = schemas.upgrade(runtime, session.connection(), row.schema, row.revisions)


def _changed(runtime: Runtime, session: UnitOfWork, row: TenantRow, kind: str, module: Module) -> Tenant:
    """Note it with the vendor and in the house, and go on in the house."""
    note(session, row, kind, module=module.name)
    changed = snapshot(runtime, row)
    session.enter(changed)
    audit.record(session, f"tenants.{kind}", label=module.name)
    return changed
