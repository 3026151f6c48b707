"""Kinds of messages that this module sends itself."""

from guildhall.core.i18n import _l
from guildhall.core.messages import Channel, MessageKind, Placeholder

WELCOME = MessageKind(
    "messaging.welcome",
    label=_l("Welcome"),
    title=_l("Welcome to {{ association }}"),
    body=_l(
        "{{ person }}, good to have you here.\n\n"
        "Under My messages you find everything that {{ association }} has to tell you. "
        "What reaches you by e-mail as well is yours to decide."
    ),
    channels=(Channel.IN_APP,),
    action=_l("Choose what you receive"),
)

ANNOUNCEMENT = MessageKind(
    "messaging.announcement",
    label=_l("Announcement of the secretariat"),
    title="{{ title }}",
    body="{{ text }}",
    placeholders=(
        Placeholder("title", _l("Title"), _l("General assembly on 12 December")),
        Placeholder("text", _l("Text"), _l("Please tell us by Friday whether you can come.")),
    ),
    transactional=False,
)

KINDS = (WELCOME, ANNOUNCEMENT)
