"""Messaging (消息中心): what an association tells its people, in the app, by e-mail, text message and WeChat."""

from guildhall.core.db import UnitOfWork
from guildhall.core.db.migrations import folder_of
from guildhall.core.i18n import _l
from guildhall.core.module import Area, Category, Module, NavEntry, PortalCard, PortalItem
from modules.messaging import admin, carriers, demo, portal, site
from modules.messaging.facts import AddressBounced, MessageFailed
from modules.messaging.jobs import JOBS, SCHEDULES
from modules.messaging.kinds import KINDS
from modules.messaging.mails import HOOK, NOTICE
from modules.messaging.models import BlockedAddress, Message, OwnWords, Preference
from modules.messaging.permissions import PERMISSIONS, SEE_MESSAGES, SEND_MESSAGES
from modules.messaging.privacy import PERSONAL_DATA
from modules.messaging.queries import unread_count, unread_notices
from modules.messaging.settings import SETTINGS
from modules.messaging.subscribers import SUBSCRIPTIONS

_ON_THE_HOME_PAGE = 3


def _unread(session: UnitOfWork) -> int:
    return unread_count(session, session.actor.person_id)


def _news(session: UnitOfWork) -> list[PortalItem]:
    person_id = session.actor.person_id
    if person_id is None:
        return []
    newest = unread_notices(person_id).order_by(Message.created_at.desc()).limit(_ON_THE_HOME_PAGE)
    return [PortalItem(notice.title, f"/me/notices/{notice.id}") for notice in session.scalars(newest)]


MODULE = Module(
    name="messaging",
    version="1.0.0",
    package="modules.messaging",
    label=_l("Messages"),
    description=_l("One place for everything that the association tells its people, and proof that it arrived."),
    icon="mail",
    category=Category.BASE,
    requires=("accounts",),
    always_on=True,
    site=(site.blueprint,),
    portal=(portal.blueprint,),
    admin=(admin.blueprint,),
    permissions=PERMISSIONS,
    navigation=(
        NavEntry(Area.ADMIN, _l("Messages"), "messaging_admin.index", "mail", SEE_MESSAGES, order=800),
        NavEntry(Area.CREATE, _l("Message to all"), "messaging_admin.announce", "megaphone", SEND_MESSAGES, order=50),
        NavEntry(Area.PORTAL, _l("Messages"), "messages.index", "bell", order=80, count=_unread),
        NavEntry(Area.NOTICES, _l("My messages"), "messages.index", "bell", count=_unread),
        NavEntry(Area.ACCOUNT, _l("Notifications"), "messages.notifications", "bell", order=60),
    ),
    models=(Message, OwnWords, Preference, BlockedAddress),
    migrations=folder_of("messaging"),
    settings=SETTINGS,
    jobs=JOBS,
    schedules=SCHEDULES,
    facts=(MessageFailed, AddressBounced),
    subscriptions=SUBSCRIPTIONS,
    messages=KINDS,
    mails=(NOTICE,),
    mail_hook=HOOK,
    sms_gateway=carriers.carry_sms,
    portal_cards=(PortalCard(_l("New messages"), "messages.index", _news, icon="bell", order=10),),
    actions={
        "messaging.announcement_sent": _l("Message to all sent"),
        "messaging.message_resent": _l("Message sent again"),
        "messaging.template_changed": _l("Message template changed"),
        "messaging.template_reset": _l("Message template set back"),
        "messaging.address_unblocked": _l("Address used again"),
    },
    personal_data=PERSONAL_DATA,
    demo=demo.plant,
)
