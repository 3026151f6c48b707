"""What roles may do with people and accounts."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole, Permission

_OFFICERS = frozenset({DefaultRole.OFFICER})

PEOPLE_VIEW = Permission(
    "accounts:people:view", _l("See people"), _l("Names, addresses, roles and sign-ins."), roles=_OFFICERS
)
PEOPLE_MANAGE = Permission(
    "accounts:people:manage",
    _l("Manage people"),
    _l("Invite, import, change, suspend and resume people."),
    roles=_OFFICERS,
)
PEOPLE_ERASE = Permission(
    "accounts:people:erase", _l("Erase people"), _l("Carry out requests for deletion. This cannot be undone.")
)
ROLES_MANAGE = Permission(
    "accounts:roles:manage", _l("Manage roles"), _l("Make roles and say who has them, so also their own.")
)
DOCUMENTS_PUBLISH = Permission(
    "accounts:documents:publish",
    _l("Publish privacy policy and terms"),
    _l("Put a new version into force; everybody is asked to agree to it."),
)

ALL = (PEOPLE_VIEW, PEOPLE_MANAGE, PEOPLE_ERASE, ROLES_MANAGE, DOCUMENTS_PUBLISH)
