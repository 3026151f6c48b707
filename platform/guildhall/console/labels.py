"""States and events of associations, as people read them."""

from typing import Any

from guildhall.core.i18n import _, _l
from guildhall.core.web.view import Happening, State, Tone
from tenants.models import TenantEvent, TenantStatus

STATUS_LABELS = {
    TenantStatus.TRIAL: _l("Trial"),
    TenantStatus.ACTIVE: _l("Active"),
    TenantStatus.PAST_DUE: _l("Past due"),
    TenantStatus.SUSPENDED: _l("Suspended"),
    TenantStatus.CLOSED: _l("Closed"),
    TenantStatus.PURGED: _l("Purged"),
}
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
    "closed": (_l("Closed"), "circle", "neutral"),
    "purged": (_l("Purged"), "circle", "neutral"),
    "module_on": (_l("Module switched on"), "circle-check", "neutral"),
    "module_off": (_l("Module switched off"), "circle", "neutral"),
    "slug_changed": (_l("Address changed"), "link", "neutral"),
    "support_opened": (_l("Support visit began"), "user", "waiting"),
    "support_ended": (_l("Support visit ended"), "user", "neutral"),
}


def state(status: str) -> State:
    known = TenantStatus(status)
    return State(STATUS_LABELS[known], _TONES[known])


def happening(event: TenantEvent, association: str = "") -> Happening:
    """A line of a timeline. An event that has no words of its own yet shows its kind."""
    label, icon, tone = _EVENTS.get(event.kind, (event.kind, "circle", "neutral"))
    words = _("%(what)s: %(association)s", what=label, association=association) if association else str(label)
    return Happening(words, event.at, event.actor_label, event.reason, tone, icon)
