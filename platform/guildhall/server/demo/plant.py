"""Planting the demonstration: each association is onboarded as any other, then each module adds its own rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from guildhall.console.models import Staff, StaffRole
from guildhall.console.onboarding import Order, onboard
from guildhall.console.staff import invite
from guildhall.core.module import DemoContext
from guildhall.server.demo.houses import HOUSES, MEMBER_EMAIL, SECRETARY_EMAIL, VENDOR_EMAIL, VENDOR_NAME, DemoHouse
from guildhall.server.process import Process
from modules.accounts import public as accounts
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
        if not _is_planted(process, house):
            yield Step(house.profile.name, lambda house=house: _house(process, house))  # type: ignore[misc]


def _is_planted(process: Process, house: DemoHouse) -> bool:
    """The rows of a house are planted in one transaction, the member among them."""
    tenant = process.tenants.by_slug(house.slug)
    if tenant is None:
        return False
    with process.runtime.db.begin(tenant) as session:
        return accounts.find_by_address(session, MEMBER_EMAIL) is not None


def _vendor(process: Process) -> None:
    runtime = process.runtime
    with runtime.db.begin(runtime.platform) as session:
        invite(session, VENDOR_EMAIL, VENDOR_NAME, StaffRole.OWNER)


def _house(process: Process, house: DemoHouse) -> None:
    tenant = process.tenants.by_slug(house.slug) or _onboarded(process, house)
    changes = {name: value for name, value in house.profile.to_json().items() if name != "logo"}
    tenant = update_profile(process.runtime, process.tenants, tenant, changes)
    _rows(process, tenant, house)


def _onboarded(process: Process, house: DemoHouse) -> Tenant:
    runtime = process.runtime
    optional = tuple(module.name for module in runtime.registry.modules if not module.always_on)
    order = Order(
        name=house.profile.name,
        slug=house.slug,
        admin_email=SECRETARY_EMAIL,
        admin_name=house.secretary,
        locale=house.profile.locale,
        plan=house.plan,
        modules=optional,
        template=house.template,
    )
    return onboard(runtime, process.tenants, order).tenant


def _rows(process: Process, tenant: Tenant, house: DemoHouse) -> None:
    """Each module sees what those that it requires have planted."""
    context = DemoContext(process.runtime, locale=tenant.locale, seed=SEED)
    with process.runtime.db.begin(tenant) as session, process.runtime.speaking(tenant, tenant.locale):
        secretary = accounts.find_by_address(session, SECRETARY_EMAIL)
        if secretary is not None:
            secretary.status = accounts.PersonStatus.ACTIVE  # has come in long ago
        accounts.create_person(session, house.member, email=MEMBER_EMAIL, status=accounts.PersonStatus.ACTIVE)
        for module in process.runtime.registry.active(tenant.modules):
            if module.demo is not None:
                module.demo(session, context)
