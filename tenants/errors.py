"""What can be wrong with an association's registration."""

from guildhall.core.errors import DomainError, Invalid
from guildhall.core.i18n import _l


class SlugInvalid(Invalid):
    code = "slug_invalid"
    message = _l("Use 3 to 40 letters, digits and hyphens, beginning with a letter.")


class SlugTaken(Invalid):
    code = "slug_taken"
    message = _l("This address is taken or too similar to another one. How about “%(suggestion)s”?")


class SlugReserved(Invalid):
    code = "slug_reserved"
    message = _l("This address is reserved. How about “%(suggestion)s”?")


class UnknownModule(Invalid):
    code = "unknown_module"
    message = _l("There is no module “%(name)s”.")


class ModuleNeeded(DomainError):
    code = "module_needed"
    message = _l("“%(label)s” needs this module. Switch that off first.")


class NotInPlan(DomainError):
    code = "not_in_plan"
    message = _l("Your plan does not include “%(label)s”.")


class AlwaysOn(DomainError):
    code = "always_on"
    message = _l("“%(label)s” is part of every association and stays on.")


class HostTaken(Invalid):
    code = "host_taken"
    message = _l("This domain already leads to another association.")


class NotAllowedNow(DomainError):
    """A step that the association's status does not allow."""

    code = "not_allowed_now"
    message = _l("This is not possible while the association is “%(status)s”.")
