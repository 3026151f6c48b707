"""What can be wrong with tokens."""

from guildhall.core.errors import Invalid
from guildhall.core.i18n import _l


class UnknownScope(Invalid):
    code = "unknown_scope"
    message = _l("There is no such permission: %(scopes)s")


class ScopeBeyondYours(Invalid):
    code = "scope_beyond_yours"
    message = _l("A token cannot have a permission that you do not have.")


class ScopeMissing(Invalid):
    code = "scope_missing"
    message = _l("Choose at least one permission.")
