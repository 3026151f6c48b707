"""Onboarding an association: its house, what it begins with, and the invitation of its first administrator."""

from dataclasses import dataclass, replace
from functools import partial

from billing.plans import PLANS, includes
from guildhall.console.presets import PRESETS
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.permissions import DefaultRole
from guildhall.core.runtime import Runtime
from modules.accounts import public as accounts
from tenants.errors import NotInPlan, UnknownPlan, UnknownTemplate
from tenants.profile import Profile
from tenants.provisioning import NewTenant, check_modules, provision
from tenants.registry import Tenant, TenantRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for. Without `modules` the association begins with those of its kind that its plan includes."""

    name: str
    slug: str
    admin_email: str
    admin_name: str = ""
    locale: str = "zh_Hans"
    plan: str = "trial"
    modules: tuple[str, ...] = ()
    template: str = "chamber"


@dataclass(frozen=True, slots=True)
class Onboarded:
    """An association whose house answers. The invitation's link is known only now; its mail is on the way."""

    tenant: Tenant
    invitation_url: str
    elapsed_ms: float
    from_spare: bool


def onboard(runtime: Runtime, tenants: TenantRegistry, order: Order, actor: Actor = SYSTEM) -> Onboarded:
    """Bring an association into being, seeded, with its first administrator invited: all of it in one commit.

    Raises:
        SlugInvalid, SlugReserved, SlugTaken, UnknownModule, UnknownPlan, UnknownTemplate, NotInPlan, EmailInvalid: with
            the field that is wrong; nothing was made.
    """
    new = _new_tenant(runtime, order)
    urls: list[str] = []
    provisioned = provision(runtime, tenants, new, partial(_furnish, order, urls), actor)
    return Onboarded(provisioned.tenant, urls[-1], provisioned.elapsed_ms, provisioned.from_spare)


def furnish(session: UnitOfWork, tenant: Tenant) -> None:
    """What every new house begins with: the rows that its modules seed."""
    for module in session.registry.active(tenant.modules):
        if module.seed is not None:
            module.seed(session)


def _furnish(order: Order, urls: list[str], session: UnitOfWork, tenant: Tenant) -> None:
    # Whoever onboards gives the first administrator every right of the house, which nobody in it could give yet.
    session.actor = replace(session.actor, permissions=frozenset(session.registry.permissions))
    furnish(session, tenant)
    name = order.admin_name or order.admin_email.partition("@")[0]
    urls.append(accounts.invite(session, order.admin_email, name, [DefaultRole.ADMIN], order.locale).url)


def _new_tenant(runtime: Runtime, order: Order) -> NewTenant:
    if order.plan not in PLANS:
        raise UnknownPlan(fields={"plan": UnknownPlan.message})
    preset = PRESETS.get(order.template)
    if preset is None:
        raise UnknownTemplate(fields={"template": UnknownTemplate.message})
    _check_modules(runtime, order)
    introduction = preset.introductions.get(order.locale, "") % {"name": order.name}
    return NewTenant(
        slug=order.slug,
        profile=Profile(name=order.name, locale=order.locale, introduction=introduction),
        plan=order.plan,
        modules=order.modules or preset.available(runtime.registry, order.plan),
        template=order.template,
    )


def _check_modules(runtime: Runtime, order: Order) -> None:
    check_modules(runtime, order.modules)
    for name in sorted(runtime.registry.closure(order.modules) - runtime.registry.always_on):
        if not includes(order.plan, name):
            error = NotInPlan(label=runtime.registry.by_name[name].label)
            error.fields = {"modules": str(error)}
            raise error
