"""Onboarding as people know it: an association, its modules' first rows, and the invitation of its first admin."""

from dataclasses import dataclass

from guildhall.core.db import UnitOfWork
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.permissions import DefaultRole
from guildhall.core.runtime import Runtime
from modules.accounts.public import invite
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tenants.registry import Tenant, TenantRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is onboarded. `modules` are switched on beside those that are always on."""

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
    """What came of it. The invitation's link is known only now."""

    tenant: Tenant
    invitation_url: str
    elapsed_ms: float
    from_spare: bool


def onboard(runtime: Runtime, tenants: TenantRegistry, order: Order, actor: Actor = SYSTEM) -> Onboarded:
    """Bring an association into being, in one commit: its house answers at once, and its first admin has an invitation
    in the outbox.

    Raises:
        SlugInvalid, SlugReserved, SlugTaken, UnknownModule, EmailInvalid: with the field.
    """
    links: list[str] = []

    def furnish_and_invite(session: UnitOfWork, tenant: Tenant) -> None:
        # From here on it is the association's own house, where the vendor's staff are nobody.
        session.actor = SYSTEM
        furnish(session, tenant)
        invited = invite(session, order.admin_email, order.admin_name, [DefaultRole.ADMIN], order.locale)
        links.append(invited.url)

    profile = Profile(name=order.name, locale=order.locale)
    wanted = NewTenant(
        slug=order.slug, profile=profile, plan=order.plan, modules=order.modules, template=order.template
    )
    done = provision(runtime, tenants, wanted, furnish_and_invite, actor)
    return Onboarded(done.tenant, links[0], done.elapsed_ms, done.from_spare)


def furnish(session: UnitOfWork, tenant: Tenant) -> None:
    """The rows that the active modules of a new house begin with."""
    for module in session.registry.active(tenant.modules):
        if module.seed is not None:
            module.seed(session)
