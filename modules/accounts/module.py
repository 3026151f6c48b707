"""Accounts: the association's people, how they come in, and what they may do."""

from guildhall.core.db.migrations import folder_of
from guildhall.core.i18n import _l
from guildhall.core.module import Category, Module
from modules.accounts import api, mails, models, permissions, settings
from modules.accounts.facts import FACTS
from modules.accounts.privacy import PERSONAL_DATA
from modules.accounts.seed import seed

MODULE = Module(
    name="accounts",
    version="1.0.0",
    package="modules.accounts",
    label=_l("People and accounts"),
    description=_l("Sign-in, roles, invitations, and what each person may see, change and take away of their data."),
    icon="users",
    category=Category.BASE,
    always_on=True,
    api=api.BLUEPRINTS,
    permissions=permissions.ALL,
    models=models.ALL,
    migrations=folder_of("accounts"),
    settings=settings.ALL,
    facts=FACTS,
    mails=mails.ALL,
    sms=mails.ALL_SMS,
    personal_data=PERSONAL_DATA,
    seed=seed,
)
