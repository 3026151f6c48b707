"""The office: its first page, the association's profile, the module catalogue, settings, the audit log."""

from guildhall.core.i18n import _l
from guildhall.core.module import Area, NavEntry
from modules.secretariat import permissions
from modules.secretariat.admin import association, audit_log, catalogue, dashboard, settings
from modules.secretariat.admin.blueprint import blueprint

HOUSE = _l("Our house")  # what belongs to no daily work stands together, below it

NAVIGATION = (
    NavEntry(
        Area.ADMIN,
        _l("Overview"),
        "secretariat_admin.dashboard",
        "layout-dashboard",
        permissions.DASHBOARD_VIEW,
        order=0,
        heading="",
    ),
    NavEntry(
        Area.ADMIN,
        _l("Modules"),
        "secretariat_admin.catalogue",
        "layout-grid",
        permissions.MODULES_MANAGE,
        order=910,
        heading=HOUSE,
    ),
    NavEntry(
        Area.ADMIN,
        _l("Settings"),
        "secretariat_admin.settings",
        "settings",
        permissions.SETTINGS_MANAGE,
        order=920,
        heading=HOUSE,
    ),
    NavEntry(
        Area.ADMIN,
        _l("Audit log"),
        "secretariat_admin.audit_log",
        "history",
        permissions.AUDIT_VIEW,
        order=930,
        heading=HOUSE,
    ),
)

__all__ = ["NAVIGATION", "association", "audit_log", "blueprint", "catalogue", "dashboard", "settings"]
