"""Accounts: the association's people, how they come in, and what they may do."""

from guildhall.core.db.migrations import folder_of
from guildhall.core.i18n import _l
from guildhall.core.jobs.contract import Job, JobContext, Schedule
from guildhall.core.module import Area, Category, Module, NavEntry, SetupStep
from modules.accounts import api, insights, mails, models, permissions, settings, words
from modules.accounts.demo import demo
from modules.accounts.facts import FACTS
from modules.accounts.pages import documents, imports, me, passkeys, people, privacy, proofs, roles, site
from modules.accounts.privacy import PERSONAL_DATA
from modules.accounts.seed import seed
from modules.accounts.services.codes import SEND_CODE, sweep_codes
from modules.accounts.services.copies import settle_copy
from modules.accounts.services.erasure import RIPEN_ERASURES
from modules.accounts.services.imports import IMPORT_PEOPLE, sweep_imports
from modules.accounts.services.passkeys import sweep_challenges
from modules.accounts.services.passwords import SEND_RESET
from modules.accounts.services.sessions import sweep_sessions


def _sweep(context: JobContext) -> None:
    sweep_sessions(context.session)
    sweep_codes(context.session)
    sweep_challenges(context.session)
    sweep_imports(context.session)


SWEEP = Job("accounts.sweep", _sweep)

NAVIGATION = (
    NavEntry(Area.ADMIN, _l("People"), "accounts_people.index", "users", permissions.PEOPLE_VIEW, order=10),
    NavEntry(
        Area.ADMIN,
        _l("Requests for deletion"),
        "accounts_people.deletions",
        "trash-2",
        permissions.PEOPLE_ERASE,
        order=30,
        count=insights.count_deletions,
    ),
    NavEntry(Area.ADMIN, _l("Roles"), "accounts_roles.index", "key-round", permissions.ROLES_MANAGE, order=20),
    NavEntry(
        Area.ADMIN,
        _l("Privacy policy and terms"),
        "accounts_documents.index",
        "file-text",
        permissions.DOCUMENTS_PUBLISH,
        order=40,
    ),
    NavEntry(Area.PORTAL, _l("Me"), "accounts_me.profile", "circle-user", order=90),
    NavEntry(Area.ACCOUNT, _l("Profile"), "accounts_me.profile", "circle-user", order=10),
    NavEntry(Area.ACCOUNT, _l("Security"), "accounts_me.security", "shield", order=20),
    NavEntry(Area.ACCOUNT, _l("Privacy"), "accounts_privacy.overview", "fingerprint", order=30),
    NavEntry(Area.ACCOUNT, _l("Sign out"), "accounts.leave", "log-out", order=900, post=True),
)

SETUP = (
    SetupStep(
        "colleagues",
        _l("Invite your colleagues"),
        _l("Give each the role that fits: officer, accountant, editor."),
        "accounts_people.invite_one",
        insights.has_colleagues,
        permissions.PEOPLE_MANAGE,
        order=40,
    ),
    SetupStep(
        "people",
        _l("Bring in your first members"),
        _l("Paste or upload the list that you have today."),
        "accounts_imports.new",
        insights.has_members,
        permissions.PEOPLE_MANAGE,
        order=50,
    ),
)

MODULE = Module(
    name="accounts",
    version="1.0.0",
    package="modules.accounts",
    label=_l("People and accounts"),
    description=_l("Sign-in, roles, invitations, and what each person may see, change and take away of their data."),
    icon="users",
    category=Category.BASE,
    always_on=True,
    site=(site.site, passkeys.site),
    portal=(me.portal, privacy.portal, proofs.portal),
    admin=(documents.admin, imports.admin, people.admin, roles.admin),
    api=api.BLUEPRINTS,
    permissions=permissions.ALL,
    navigation=NAVIGATION,
    models=models.ALL,
    migrations=folder_of("accounts"),
    settings=settings.ALL,
    jobs=(SEND_CODE, SEND_RESET, IMPORT_PEOPLE, RIPEN_ERASURES, SWEEP),
    schedules=(Schedule(RIPEN_ERASURES, "7 * * * *"), Schedule(SWEEP, "41 3 * * *", spread_seconds=3600)),
    facts=FACTS,
    actions=words.ACTIONS,
    mails=mails.ALL,
    sms=mails.ALL_SMS,
    cards=(insights.PEOPLE_CARD,),
    portal_cards=(insights.CONSENT_CARD,),
    search=(insights.PEOPLE_SEARCH,),
    personal_data=PERSONAL_DATA,
    meters=(insights.PEOPLE_METER,),
    setup_steps=SETUP,
    copied=settle_copy,
    seed=seed,
    demo=demo,
)
