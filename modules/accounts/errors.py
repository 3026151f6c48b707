"""What can be wrong with people, sign-ins and roles."""

from http import HTTPStatus

from guildhall.core.errors import Conflict, Forbidden, Invalid, NotFound
from guildhall.core.i18n import _l


class EmailTaken(Invalid):
    code = "email_taken"
    message = _l("Another person has this e-mail address.")


class PhoneTaken(Invalid):
    code = "phone_taken"
    message = _l("Another person has this phone number.")


class AddressInvalid(Invalid):
    code = "address_invalid"
    message = _l("Enter an e-mail address or a phone number.")


class EmailInvalid(Invalid):
    code = "email_invalid"
    message = _l("This is no e-mail address.")


class PhoneInvalid(Invalid):
    code = "phone_invalid"
    message = _l("This is no phone number. Numbers outside China begin with + and the country code.")


class AddressMissing(Invalid):
    code = "address_missing"
    message = _l("An e-mail address or a phone number is needed.")


class AddressTwice(Invalid):
    code = "address_twice"
    message = _l("This address is in the list already, further up.")


class CodeWrong(Invalid):
    code = "code_wrong"
    message = _l("This code is wrong or has expired.")


class PasswordWrong(Invalid):
    code = "password_wrong"
    message = _l("Address or password is wrong.")


class PasswordWeak(Invalid):
    code = "password_weak"
    message = _l("Use at least 10 characters, and not only your name, address or a common word.")


class DocumentUnchanged(Invalid):
    code = "document_unchanged"
    message = _l("This is the text that is in force.")


class ProofNeeded(Forbidden):
    code = "proof_needed"
    message = _l("First confirm that it is you: open this page again.")


class PasskeyRefused(Invalid):
    code = "passkey_refused"
    message = _l("This passkey was not accepted. Please try another way to sign in.")


class InvitationUsedUp(NotFound):
    code = "invitation_used_up"
    message = _l("This invitation was used, replaced or has expired. Ask the secretariat for a new one.")
    status = HTTPStatus.GONE


class LinkExpired(NotFound):
    code = "link_expired"
    message = _l("This link was used or has expired. Please ask for a new one.")
    status = HTTPStatus.GONE


class NotInvited(Invalid):
    code = "not_invited"
    message = _l("Only people who have not come in yet can be invited again.")


class LastAdmin(Conflict):
    code = "last_admin"
    message = _l("This is the last administrator. Give the role to somebody else first.")


class NotYourself(Conflict):
    code = "not_yourself"
    message = _l("You cannot do this to yourself. Ask another administrator.")


class RoleInUse(Conflict):
    code = "role_in_use"
    message = _l("%(count)s people have this role. Take it from them first.")


class RoleNameTaken(Invalid):
    code = "role_name_taken"
    message = _l("Another role has this name.")


class RoleFixed(Forbidden):
    code = "role_fixed"
    message = _l("This role comes with the product. Make a role of your own from it.")


class RoleBeyondYours(Forbidden):
    code = "role_beyond_yours"
    message = _l("You cannot give a permission that you do not have.")


class PersonBeyondYours(Forbidden):
    code = "person_beyond_yours"
    message = _l("This person may do more than you. Ask an administrator.")


class UnknownRole(Invalid):
    code = "unknown_role"
    message = _l("There is no such role.")


class ConsentMissing(Invalid):
    code = "consent_missing"
    message = _l("Please agree, otherwise no account can be kept for you.")


class ListUnreadable(Invalid):
    code = "list_unreadable"
    message = _l("This file cannot be read. Save it as XLSX or CSV and try again.")


class ListTooLarge(Invalid):
    code = "list_too_large"
    message = _l("This list is too large: at most %(rows)s rows and %(columns)s columns.")


class ListEmpty(Invalid):
    code = "list_empty"
    message = _l("There are no rows below a line of titles.")


class ImportStarted(Conflict):
    code = "import_started"
    message = _l("This import has been started already.")
