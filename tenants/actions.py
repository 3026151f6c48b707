"""What this floor notes in an association's audit log, in words."""

from guildhall.core.i18n import _l

ACTIONS = {
    "tenants.profile_changed": _l("Profile of the association changed"),
    "tenants.module_on": _l("Module switched on"),
    "tenants.module_off": _l("Module switched off"),
    "tenants.cloned": _l("Copied from another association"),
}
