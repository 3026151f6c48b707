"""What roles may do with integrations. By default only administrators: a token and a webhook carry data out."""

from guildhall.core.i18n import _l
from guildhall.core.permissions import Permission

TOKENS_MANAGE = Permission(
    "integrations:tokens:manage", _l("Manage API tokens"), _l("Create tokens of one's own, and revoke anybody's.")
)
WEBHOOKS_MANAGE = Permission(
    "integrations:webhooks:manage", _l("Manage webhooks"), _l("Say which addresses are told what happens here.")
)

ALL = (TOKENS_MANAGE, WEBHOOKS_MANAGE)
