"""What can be allowed about payments."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import DefaultRole, Permission

SEE_PAYMENTS = Permission(
    "payments:payment:see", _l("See payments"), roles=frozenset({DefaultRole.ACCOUNTANT, DefaultRole.OFFICER})
)
MANAGE_PAYMENTS = Permission(
    "payments:payment:manage",
    _l("Manage payments"),
    _l("Record, confirm and refund payments, and change the bank account that payers see."),
    frozenset({DefaultRole.ACCOUNTANT}),
)

PERMISSIONS = (SEE_PAYMENTS, MANAGE_PAYMENTS)
