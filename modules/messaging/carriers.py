"""Handing a written message to whoever carries it."""

import smtplib
from collections.abc import Callable

from guildhall.core import mail, smtp
from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.messages import Channel
from guildhall.core.runtime import Runtime
from guildhall.core.sms import Sms
from modules.messaging.adapters import Refused, TryLater
from modules.messaging.mails import NOTICE
from modules.messaging.models import Message
from modules.messaging.services.preferences import unsubscribe_path
from modules.messaging.settings import adapter_for


def carry(session: UnitOfWork, runtime: Runtime, message: Message) -> None:
    """Hand a message over, in the language that is spoken at this moment.

    Raises:
        Refused, TryLater: the carrier did not take it.
    """
    _CARRIERS[Channel(message.channel)](session, runtime, message)


def carry_sms(session: UnitOfWork, sms: Sms) -> None:
    """A text message that another module sends by itself, such as a code."""
    _by_adapter(session, Channel.SMS, sms.to, sms.text)


def _in_app(_session: UnitOfWork, _runtime: Runtime, _message: Message) -> None:
    """It is there already: the person reads this very row."""


def _email(session: UnitOfWork, runtime: Runtime, message: Message) -> None:
    written = mail.render(NOTICE, message.id, message.address, message.locale, _mail_words(session, runtime, message))
    written.headers.update(_unsubscribe_headers(session, runtime, message))
    try:
        refusal = smtp.deliver(runtime.settings, session.house, written)
    except (OSError, smtplib.SMTPException) as error:
        raise TryLater(f"{type(error).__name__}: {error}") from error
    if refusal:
        raise Refused(refusal)


def _text(session: UnitOfWork, _runtime: Runtime, message: Message) -> None:
    link = f" {session.house.url(message.url)}" if message.url else ""
    _by_adapter(session, Channel(message.channel), message.address, f"{message.title}{link}")


def _by_adapter(session: UnitOfWork, channel: Channel, address: str, text: str) -> None:
    adapter = adapter_for(session, channel)
    if adapter is None:
        raise Refused(f"there is no carrier for {channel}")
    adapter.send(session, channel, address, text)


def _mail_words(session: UnitOfWork, runtime: Runtime, message: Message) -> dict[str, object]:
    kind = session.registry.messages[message.kind]
    return {
        "title": message.title,
        "paragraphs": message.paragraphs,
        "url": session.house.url(message.url) if message.url else "",
        "action": str(kind.action or _("Read more")),
        "unsubscribe_url": "" if kind.transactional else _unsubscribe_url(session, runtime, message),
    }


def _unsubscribe_headers(session: UnitOfWork, runtime: Runtime, message: Message) -> dict[str, str]:
    """One click in the mail program ends it (RFC 2369, RFC 8058)."""
    if session.registry.messages[message.kind].transactional:
        return {}
    return {
        "List-Unsubscribe": f"<{_unsubscribe_url(session, runtime, message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _unsubscribe_url(session: UnitOfWork, runtime: Runtime, message: Message) -> str:
    house = session.house
    return house.url(unsubscribe_path(house, runtime.vault, message.address, message.person_id, message.kind))


_CARRIERS: dict[Channel, Callable[[UnitOfWork, Runtime, Message], None]] = {
    Channel.IN_APP: _in_app,
    Channel.EMAIL: _email,
    Channel.SMS: _text,
    Channel.WECHAT: _text,
}
