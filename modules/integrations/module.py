"""Integrations: how other systems come in, by API tokens, and how they are told, by webhooks."""

from guildhall.core.db.migrations import folder_of
from guildhall.core.i18n import _l
from guildhall.core.module import Area, Category, Module, NavEntry
from modules.integrations import mails, permissions
from modules.integrations.admin import tokens, webhooks
from modules.integrations.api import association, modules
from modules.integrations.models import ApiToken
from modules.integrations.privacy import PERSONAL_DATA
from modules.integrations.services.tokens import settle_copy
from modules.integrations.subscribers import SUBSCRIPTIONS

MODULE = Module(
    name="integrations",
    version="1.0.0",
    package="modules.integrations",
    label=_l("Integrations"),
    description=_l("API tokens and webhooks: connect the association's other systems."),
    icon="plug",
    category=Category.BASE,
    requires=("accounts",),
    always_on=True,
    admin=(tokens.blueprint, webhooks.blueprint),
    api=(association.blueprint, modules.blueprint),
    permissions=permissions.ALL,
    navigation=(
        NavEntry(Area.ADMIN, _l("API tokens"), "api_tokens.index", "key-round", permissions.TOKENS_MANAGE, 810),
        NavEntry(Area.ADMIN, _l("Webhooks"), "webhooks.index", "webhook", permissions.WEBHOOKS_MANAGE, 820),
    ),
    actions={
        "integrations.token_created": _l("API token created"),
        "integrations.token_revoked": _l("API token revoked"),
    },
    models=(ApiToken,),
    migrations=folder_of("integrations"),
    subscriptions=SUBSCRIPTIONS,
    mails=mails.ALL,
    personal_data=PERSONAL_DATA,
    copied=settle_copy,
)
