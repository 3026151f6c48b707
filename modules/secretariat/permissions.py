"""What roles may do in the office itself."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole, Permission

_STAFF = frozenset({DefaultRole.OFFICER, DefaultRole.ACCOUNTANT, DefaultRole.EDITOR})

DASHBOARD_VIEW = Permission(
    "secretariat:dashboard:view", _l("Enter the office"), _l("See the first page of the secretariat."), roles=_STAFF
)
ASSOCIATION_MANAGE = Permission(
    "secretariat:association:manage",
    _l("Change the association's profile"),
    _l("Name, logo, colour, languages, contacts."),
)
MODULES_MANAGE = Permission("secretariat:modules:manage", _l("Switch modules on and off"))
SETTINGS_MANAGE = Permission("secretariat:settings:manage", _l("Change settings of modules"))
AUDIT_VIEW = Permission(
    "secretariat:audit:view", _l("Read the audit log"), _l("Who did what and when, in the whole house.")
)

ALL = (DASHBOARD_VIEW, ASSOCIATION_MANAGE, MODULES_MANAGE, SETTINGS_MANAGE, AUDIT_VIEW)
