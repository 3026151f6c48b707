"""States and events of associations, as people read them."""

from typing import Any

from billing.plans import PLANS
from guildhall.core.i18n import _, _l
from guildhall.core.identity import SYSTEM
from guildhall.core.web.view import Happening, State, Tone
from tenants.models import TenantEvent, TenantStatus

_TONES: dict[TenantStatus, Tone] = {
    TenantStatus.TRIAL: "waiting",
    TenantStatus.ACTIVE: "good",
    TenantStatus.PAST_DUE: "waiting",
    TenantStatus.SUSPENDED: "wrong",
    TenantStatus.CLOSED: "neutral",
    TenantStatus.PURGED: "neutral",
}

# kind of event → (words, icon, tone)
_EVENTS: dict[str, tuple[Any, str, Tone]] = {
    "created": (_l("Association onboarded"), "building-2", "good"),
    "activated": (_l("Became active"), "circle-check", "good"),
    "past_due": (_l("Payment past due"), "clock", "waiting"),
    "suspended": (_l("Suspended"), "circle-x", "wrong"),
    "resumed": (_l("Resumed"), "circle-check", "good"),
    "closed": (_l("Closed"), "archive", "neutral"),
    "purged": (_l("Purged"), "trash-2", "neutral"),
    "restored": (_l("Restored from an archive"), "archive", "good"),
    "module_on": (_l("Module switched on"), "puzzle", "neutral"),
    "module_off": (_l("Module switched off"), "puzzle", "neutral"),
    "module_purged": (_l("Data of a module removed"), "trash-2", "waiting"),
    "profile_changed": (_l("Profile changed"), "pencil", "neutral"),
    "slug_changed": (_l("Address changed"), "link", "neutral"),
    "address_chosen": (_l("Main address chosen"), "link", "neutral"),
    "domain_added": (_l("Domain added"), "globe", "neutral"),
    "domain_verified": (_l("Domain verified"), "globe", "good"),
    "domain_removed": (_l("Domain removed"), "globe", "neutral"),
    "support_opened": (_l("Support visit began"), "life-buoy", "waiting"),
    "support_ended": (_l("Support visit ended"), "life-buoy", "neutral"),
}


# What the console notes in the platform's audit log. The tenants floor notes events of the same kinds.
_ACTIONS = {
    "console.staff_invited": _l("Member of staff invited"),
    "console.staff_set_up": _l("Password chosen"),
    "console.staff_signed_in": _l("Signed in"),
    "console.staff_role_changed": _l("Role of staff changed"),
    "console.staff_locked": _l("Member of staff locked"),
    "console.staff_unlocked": _l("Member of staff unlocked"),
    "console.association_onboarded": _l("Association onboarded"),
    "console.support_opened": _l("Support visit began"),
    "site.trial_confirmed": _l("Trial confirmed"),
}


def action(code: str) -> Any:
    """What was done, in words; an endpoint that was noted by default shows its name."""
    kind = code.removeprefix("tenants.")
    return _ACTIONS.get(code) or (_EVENTS[kind][0] if kind in _EVENTS else code)


def state(status: str) -> State:
    known = TenantStatus(status)
    return State(known.label, _TONES[known])


def plan_label(code: str) -> Any:
    """A plan's name; one that is no longer sold shows its code."""
    return PLANS[code].label if code in PLANS else code


def who(label: str) -> str:
    """Who did something, as people read it."""
    return str(_("System")) if label == SYSTEM.label else label


def happening(event: TenantEvent, association: str = "") -> Happening:
    """A line of a timeline. Each kind of event has its words here; a test holds the tenants floor to it."""
    label, icon, tone = _EVENTS[event.kind]
    words = _("%(what)s: %(association)s", what=label, association=association) if association else str(label)
    return Happening(words, event.at, who(event.actor_label), event.reason, tone, icon)
