"""What this module writes to people."""

from guildhall.core.i18n import _l
from guildhall.core.mail import MailTemplate
from guildhall.core.sms import SmsTemplate

INVITATION = MailTemplate("accounts.invitation", _l("Invitation"), _l("%(house)s invites you"))
SIGN_IN_CODE = MailTemplate("accounts.sign_in_code", _l("One-time code"), _l("%(code)s is your code for %(house)s"))
PASSWORD_RESET = MailTemplate("accounts.password_reset", _l("New password"), _l("Set a new password for %(house)s"))
SECURITY_NOTICE = MailTemplate(
    "accounts.security_notice", _l("Security notice"), _l("The way you sign in to %(house)s has changed")
)
ERASURE_REQUESTED = MailTemplate(
    "accounts.erasure_requested", _l("Deletion requested"), _l("Your account at %(house)s will be deleted")
)

ALL = (INVITATION, SIGN_IN_CODE, PASSWORD_RESET, SECURITY_NOTICE, ERASURE_REQUESTED)

SIGN_IN_CODE_SMS = SmsTemplate(
    "accounts.sign_in_code", _l("One-time code"), _l("[%(house)s] Your code is %(code)s. It is valid for 10 minutes.")
)
INVITATION_SMS = SmsTemplate(
    "accounts.invitation", _l("Invitation"), _l("[%(house)s] %(name)s, you are invited. Come in: %(url)s")
)

ALL_SMS = (SIGN_IN_CODE_SMS, INVITATION_SMS)
