"""What the vendor's staff may do, by role."""

from guildhall.console.models import StaffRole
from guildhall.core.i18n import _l
from guildhall.core.permissions import Permission

VIEW = Permission("console:associations:view", _l("See associations"))
ONBOARD = Permission("console:associations:onboard", _l("Onboard associations"))
MANAGE = Permission("console:associations:manage", _l("Suspend associations and change addresses"))
SUPPORT = Permission("console:support:enter", _l("Enter a house for support"))
AUDIT = Permission("console:audit:view", _l("Read the audit log"))
STAFF = Permission("console:staff:manage", _l("Manage staff"))

ALL = (VIEW, ONBOARD, MANAGE, SUPPORT, AUDIT, STAFF)

ROLE_LABELS = {StaffRole.OWNER: _l("Owner"), StaffRole.SUPPORT: _l("Support"), StaffRole.VIEWER: _l("Viewer")}

_GRANTS: dict[StaffRole, tuple[Permission, ...]] = {
    StaffRole.OWNER: ALL,
    StaffRole.SUPPORT: (VIEW, ONBOARD, SUPPORT, AUDIT),
    StaffRole.VIEWER: (VIEW,),
}


def granted(role: str) -> frozenset[str]:
    """Codes of the permissions that a role has."""
    return frozenset(permission.code for permission in _GRANTS[StaffRole(role)])
