"""What the vendor sells: plans, and the modules that each includes."""

from dataclasses import dataclass
from typing import Any

from guildhall.core.i18n import _l
from guildhall.core.registry import Registry
from tenants.registry import Tenant


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `modules` names what it includes beside the always-on ones; None includes everything installed."""

    code: str
    label: Any
    modules: frozenset[str] | None


STARTER_MODULES = frozenset({"membership", "events", "cms"})
STANDARD_MODULES = STARTER_MODULES | {"learning", "matching", "policy", "service_desk", "assembly", "insights"}

PLANS = {
    plan.code: plan
    for plan in (
        Plan("trial", _l("Free trial"), None),
        Plan("starter", _l("Starter"), STARTER_MODULES),
        Plan("standard", _l("Standard"), STANDARD_MODULES),
        Plan("full", _l("Full"), None),
    )
}


def includes(plan: str, module: str) -> bool:
    """Whether a plan includes a module. A plan that is no longer sold includes nothing new."""
    found = PLANS.get(plan)
    return found is not None and (found.modules is None or module in found.modules)


def entitled_modules(tenant: Tenant, registry: Registry) -> frozenset[str]:
    """The installed modules that an association may have on; the always-on ones are in every plan."""
    return registry.always_on | {name for name in registry.by_name if includes(tenant.plan, name)}
