"""What the console's pages are given."""

from typing import Any, cast

from flask import url_for

from guildhall.console.permissions import AUDIT, STAFF, VIEW
from guildhall.core.i18n import _
from guildhall.core.web.context import current_actor, door
from guildhall.core.web.view import Account, Brand, Entry, Group
from tenants.registry import TenantRegistry


def registry() -> TenantRegistry:
    """The registry of tenants that the door was made with."""
    return cast("TenantRegistry", door().extensions["tenants"])


def console_context() -> dict[str, Any]:
    """See `templates/layouts/base.html` for the names."""
    actor = current_actor()
    given: dict[str, Any] = {"brand": Brand("Guildhall", short_name="Guildhall", home_url="/")}
    if actor.signed_in:
        leave = Entry(_("Sign out"), url_for("sign_in.sign_out"), "log-out", post=True)
        given |= {"navigation": _navigation(), "account": Account(actor.label, "", [leave])}
    return given


def _navigation() -> list[Group]:
    from flask import request

    places = (
        (VIEW, _("Overview"), "overview.index", "layout-dashboard"),
        (VIEW, _("Associations"), "associations.index", "building-2"),
        (STAFF, _("Staff"), "staff.index", "users"),
        (AUDIT, _("Audit log"), "audit.index", "clipboard-list"),
    )
    actor, group = current_actor(), (request.blueprint or "").split(".")[0]
    entries = [
        Entry(label, url_for(endpoint), icon, active=endpoint.split(".")[0] == group)
        for permission, label, endpoint, icon in places
        if actor.may(permission)
    ]
    return [Group("", entries)]
