"""Planting the demonstration: each association is onboarded as any other, then each module adds its own rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from guildhall.console.models import Staff, StaffRole
from guildhall.console.onboarding import Order, onboard
from guildhall.console.staff import invite
from guildhall.core.module import DemoContext, Module
from guildhall.server.demo.houses import HOUSES, VENDOR_EMAIL, VENDOR_NAME, DemoHouse
from guildhall.server.process import Process
from tenants.registry import Tenant
from tenants.settings import update_profile

SEED = 20


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of planting, and what to say while it is done."""

    label: str
    plant: Callable[[], None]


def steps(process: Process) -> Iterator[Step]:
    """What is still to be planted: nothing on a second start."""
    runtime = process.runtime
    with runtime.db.begin(runtime.platform) as session:
        if session.scalar(select(Staff).where(Staff.email == VENDOR_EMAIL)) is None:
            yield Step(VENDOR_NAME, lambda: _vendor(process))
    for house in HOUSES:
        if process.tenants.by_slug(house.slug) is None:
            yield Step(house.profile.name, lambda house=house: _house(process, house))  # type: ignore[misc]


def _vendor(process: Process) -> None:
    runtime = process.runtime
    with runtime.db.begin(runtime.platform) as session:
        invite(session, VENDOR_EMAIL, VENDOR_NAME, StaffRole.OWNER)


def _house(process: Process, house: DemoHouse) -> None:
    runtime = process.runtime
    optional = tuple(module.name for module in runtime.registry.modules if not module.always_on)
    order = Order(
        name=house.profile.name,
        slug=house.slug,
        admin_email=house.admin_email,
        admin_name=house.admin_name,
        locale=house.profile.locale,
        plan=house.plan,
        modules=optional,
        template=house.template,
    )
    tenant = onboard(runtime, process.tenants, order).tenant
    changes = {name: value for name, value in house.profile.to_json().items() if name != "logo"}
    tenant = update_profile(runtime, process.tenants, tenant, changes)
    _modules(process, tenant)


def _modules(process: Process, tenant: Tenant) -> None:
    """Each module sees what those that it requires have planted."""
    context = DemoContext(locale=tenant.locale, seed=SEED)
    with process.runtime.db.begin(tenant) as session, process.runtime.speaking(tenant, tenant.locale):
        for module in process.runtime.registry.active(tenant.modules):
            _one(module, session, context)


def _one(module: Module, session: object, context: DemoContext) -> None:
    if module.demo is not None:
        module.demo(session, context)  # type: ignore[arg-type]
