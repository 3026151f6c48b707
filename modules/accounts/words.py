"""States of people and steps of their history, as people read them."""

from collections.abc import Iterable

from guildhall.core.audit import AuditEntry
from guildhall.core.i18n import _, _l, lazy_pgettext
from guildhall.core.web.view import Happening, State
from modules.accounts.enums import ErasureState, PersonStatus, SignInMethod

STATUS = {
    PersonStatus.ACTIVE: State(lazy_pgettext("person", "Active"), "good"),
    PersonStatus.INVITED: State(_l("Invited"), "waiting", "mail"),
    PersonStatus.SUSPENDED: State(_l("Suspended"), "wrong", "ban"),
    PersonStatus.ERASED: State(_l("Erased"), "neutral"),
}
ERASURE = {
    ErasureState.COOLING: State(_l("May still be taken back"), "waiting"),
    ErasureState.DUE: State(_l("To be carried out"), "wrong", "circle-alert"),
    ErasureState.DONE: State(_l("Done"), "good"),
    ErasureState.CANCELLED: State(_l("Taken back"), "neutral"),
}
METHODS = {
    SignInMethod.EMAIL_CODE: _l("code by e-mail"),
    SignInMethod.SMS_CODE: _l("code by text message"),
    SignInMethod.PASSWORD: _l("password"),
    SignInMethod.PASSKEY: _l("passkey"),
    SignInMethod.INVITATION: _l("invitation"),
    SignInMethod.DEMO: _l("demo"),
}
DOCUMENTS = {"privacy": _l("Privacy policy"), "terms": _l("Terms of use")}
SOURCES = {
    "invitation": _l("when accepting the invitation"),
    "registration": _l("when registering"),
    "portal": _l("on the privacy page"),
}
FIELDS = {
    "name": lazy_pgettext("person", "Name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "organization": _l("Company"),
}
ACTIONS = {
    "accounts.person_created": _l("Added"),
    "accounts.person_changed": _l("Details changed"),
    "accounts.person_invited": _l("Invited"),
    "accounts.person_joined": _l("Came in"),
    "accounts.person_suspended": _l("Suspended"),
    "accounts.person_resumed": _l("Resumed"),
    "accounts.person_erased": _l("Erased"),
    "accounts.roles_assigned": _l("Roles changed"),
    "accounts.role_created": _l("Made a role"),
    "accounts.role_changed": _l("Changed a role"),
    "accounts.role_deleted": _l("Deleted a role"),
    "accounts.sign_in": _l("Asked for a sign-in code"),
    "accounts.code": _l("Sign-in code refused"),
    "accounts.forgotten": _l("Asked for a new password"),
    "accounts.signed_in": _l("Signed in"),
    "accounts.session_ended": _l("Signed out"),
    "accounts.sessions_ended": _l("Signed out of other browsers"),
    "accounts.proved": _l("Confirmed who they are"),
    "accounts.password_set": _l("Password set"),
    "accounts.address_changed": _l("Address changed"),
    "accounts.passkey_added": _l("Passkey added"),
    "accounts.passkey_removed": _l("Passkey removed"),
    "accounts.totp_on": _l("Second step turned on"),
    "accounts.totp_off": _l("Second step turned off"),
    "accounts.recovery_codes_renewed": _l("New recovery codes"),
    "accounts.consent_given": _l("Agreed to privacy policy and terms"),
    "accounts.consent_withdrawn": _l("Consent withdrawn"),
    "accounts.document_published": _l("Published a new version of a document"),
    "accounts.data_downloaded": _l("Downloaded their data"),
    "accounts.erasure_requested": _l("Asked for deletion"),
    "accounts.erasure_cancelled": _l("Took back the wish for deletion"),
    "accounts.import_read": _l("Read a list of people"),
    "accounts.import_started": _l("Started an import"),
    "accounts.import_finished": _l("Import finished"),
    "accounts.import_failed": _l("Import failed"),
}


def enumeration(names: Iterable[str]) -> str:
    """Names one after the other, parted as the language does."""
    return str(_(", ")).join(names)


def happening(entry: AuditEntry) -> Happening:
    """An entry of the audit log as a line of a timeline."""
    label = ACTIONS.get(entry.action, entry.action)
    by = "" if entry.actor_kind == "system" else entry.actor_label
    return Happening(label, entry.at, by=by, note=entry.reason)
