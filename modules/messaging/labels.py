"""Channels and states in words."""

from guildhall.core.i18n import _l, lazy_pgettext
from guildhall.core.messages import Channel
from guildhall.core.registry import Registry
from guildhall.core.web.view import State
from modules.messaging.enums import BlockReason, Status

CHANNELS = {
    Channel.IN_APP: _l("In the app"),
    Channel.EMAIL: lazy_pgettext("channel", "E-mail"),
    Channel.SMS: _l("Text message"),
    Channel.WECHAT: _l("WeChat"),
}

STATUSES = {
    Status.QUEUED: State(_l("Waiting"), "waiting"),
    Status.SENT: State(_l("Sent"), "good"),
    Status.FAILED: State(_l("Failed"), "wrong"),
    Status.HELD: State(_l("Not sent"), "neutral", "ban"),
}

BLOCK_REASONS = {
    BlockReason.BOUNCED: State(_l("Bounces"), "wrong"),
    BlockReason.UNSUBSCRIBED: State(_l("Unsubscribed"), "neutral", "bell"),
}


def kind_label(registry: Registry, name: str) -> str:
    """What a message is about; its name where the module is no longer installed."""
    found = registry.messages.get(name) or registry.mails.get(name)
    return str(found.label) if found else name


def error_text(error: str) -> str:
    """Why something was not sent: our own reasons in words, the carrier's as it gave them."""
    reason = BLOCK_REASONS.get(error)  # type: ignore[call-overload]
    return str(reason.label) if reason else error
