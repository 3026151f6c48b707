"""What can be allowed about messages."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole, Permission

SEE_MESSAGES = Permission(
    "messaging:message:see",
    _l("See the delivery log"),
    _l("Which message went to whom, and whether it arrived."),
    frozenset({DefaultRole.OFFICER}),
)
SEND_MESSAGES = Permission(
    "messaging:message:send",
    _l("Send messages"),
    _l("Write to all members, and send a message again."),
    frozenset({DefaultRole.OFFICER}),
)
EDIT_WORDS = Permission(
    "messaging:template:edit",
    _l("Edit message templates"),
    roles=frozenset({DefaultRole.OFFICER, DefaultRole.EDITOR}),
)

PERMISSIONS = (SEE_MESSAGES, SEND_MESSAGES, EDIT_WORDS)
