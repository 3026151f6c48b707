"""What an association decides about its messages."""

from guildhall.core.config import ModuleSettings
from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _l
from guildhall.core.messages import Channel
from guildhall.core.module import Setting, SettingType
from modules.messaging import adapters

NAME = "messaging"

SETTINGS = (
    Setting(
        "sms_adapter",
        SettingType.CHOICE,
        _l("Text messages go through"),
        adapters.LOG,
        choices=tuple(adapters.choices(Channel.SMS)),
    ),
    Setting(
        "wechat_adapter",
        SettingType.CHOICE,
        _l("WeChat notices go through"),
        adapters.OFF,
        choices=tuple(adapters.choices(Channel.WECHAT)),
    ),
    Setting(
        "keep_days",
        SettingType.INTEGER,
        _l("Keep messages for this many days"),
        365,
        help=_l("Older notices and entries of the delivery log are deleted."),
        minimum=30,
        maximum=3650,
    ),
)


def adapter_for(session: UnitOfWork, channel: Channel) -> adapters.Adapter | None:
    """The carrier of a channel, or None where the association does not use it or it is no longer installed."""
    return adapters.installed().get(ModuleSettings(session, NAME).get(f"{channel}_adapter"))


def keep_days(session: UnitOfWork) -> int:
    return int(ModuleSettings(session, NAME).get("keep_days"))
