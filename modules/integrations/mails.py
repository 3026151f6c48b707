"""What this module writes to people."""

from guildhall.core.i18n import _l
from guildhall.core.mail import MailTemplate

WEBHOOK_FAILING = MailTemplate(
    "integrations.webhook_failing", _l("A webhook does not answer"), _l("The webhook %(name)s does not answer")
)

ALL = (WEBHOOK_FAILING,)
