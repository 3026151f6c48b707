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


class UnknownPlan(Invalid):
    code = "unknown_plan"
    message = _l("There is no such plan.")


class UnknownTemplate(Invalid):
    code = "unknown_template"
    message = _l("There is no such kind of association.")


class ModuleNeeded(DomainError):
    code = "module_needed"
    message = _l("“%(label)s” needs this module. Switch that off first.")


class ModuleInUse(DomainError):
    code = "module_in_use"
    message = _l("“%(label)s” is on, or another module's records refer to its records.")


class NotInPlan(DomainError):
    code = "not_in_plan"
    message = _l("Your plan does not include “%(label)s”.")


class AlwaysOn(DomainError):
    code = "always_on"
    message = _l("“%(label)s” is part of every association and stays on.")


class HostTaken(Invalid):
    code = "host_taken"
    message = _l("This domain already leads to another association.")


class DomainInvalid(Invalid):
    code = "domain_invalid"
    message = _l("Enter a domain of your own, such as www.example.org.")


class DomainUnproven(Invalid):
    """The records of a domain are not, or not yet, to be seen."""

    code = "domain_unproven"
    message = _l("We cannot see all records of “%(host)s” yet. New records can take an hour.")
    no_txt = _l("The TXT record is missing or different.")
    no_cname = _l("The domain does not lead here: set the CNAME record.")


class NotAllowedNow(DomainError):
    """A step that the association's status does not allow."""

    code = "not_allowed_now"
    message = _l("This is not possible while the association is “%(status)s”.")


class ArchiveDamaged(Invalid):
    code = "archive_damaged"
    message = _l("This archive is damaged or was changed: “%(part)s” is not what it should be.")


class ArchiveTooNew(Invalid):
    code = "archive_too_new"
    message = _l("This archive was made by a later version. Upgrade this installation first.")


class ArchiveNeedsModules(Invalid):
    code = "archive_needs_modules"
    message = _l("This archive holds data of modules that are not installed here: %(names)s.")


class NotConfirmed(Invalid):
    code = "not_confirmed"
    message = _l("Type “%(expected)s” to confirm.")


class ExportNeeded(DomainError):
    code = "export_needed"
    message = _l("Export the data first: the last export is older than a day.")
