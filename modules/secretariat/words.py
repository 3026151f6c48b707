"""Entries of the audit log in words that people use."""

from typing import Any

from guildhall.core.audit import AuditEntry
from guildhall.core.i18n import _, _l
from guildhall.core.registry import Registry
from guildhall.core.web.view import Happening
from tenants.actions import ACTIONS

ACTOR_KINDS = {
    "anonymous": _l("Visitor"),
    "person": _l("Person of the association"),
    "token": _l("API token"),
    "staff": _l("Provider's staff"),
    "support": _l("Provider's support"),
    "system": _l("System"),
}
ICONS = {"token": "key-round", "staff": "life-buoy", "support": "life-buoy", "system": "server"}


def actions(registry: Registry) -> dict[str, Any]:
    """Every action that is named, in words."""
    return {**ACTIONS, **registry.actions}


def action_label(registry: Registry, action: str) -> str:
    """An action in words. One that nobody has named, such as a form's by its endpoint, is "Other change (code)"."""
    label = actions(registry).get(action)
    return str(label) if label else _("Other change (%(code)s)", code=action)


def actor_name(entry: AuditEntry) -> str:
    """Who acted: a person by name, others by what they are."""
    kind = str(ACTOR_KINDS.get(entry.actor_kind, entry.actor_kind))
    if entry.actor_kind == "person":
        return entry.actor_label or kind
    return kind if entry.actor_label in {"", entry.actor_kind} else f"{entry.actor_label} ({kind})"


def target_name(registry: Registry, entry: AuditEntry) -> str:
    """What it was done to; a module by its label."""
    module = registry.by_name.get(entry.target_label) if not entry.target_type else None
    return str(module.label) if module else entry.target_label


def happening(registry: Registry, entry: AuditEntry) -> Happening:
    """An entry as a line of a timeline."""
    label, target = action_label(registry, entry.action), target_name(registry, entry)
    return Happening(
        _("%(action)s: %(target)s", action=label, target=target) if target else label,
        entry.at,
        actor_name(entry),
        entry.reason,
        icon=ICONS.get(entry.actor_kind, "pencil"),
    )
