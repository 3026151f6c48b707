"""Sending: one row for each recipient and channel, written with the sender's transaction, delivered by a job."""

from collections.abc import Iterator, Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.queue import enqueue
from guildhall.core.messages import Channel, MessageKind
from guildhall.core.payload import encode
from modules.accounts.public import Person
from modules.messaging.errors import NothingToResend, NotReachable
from modules.messaging.models import Message
from modules.messaging.services.delivery import DELIVER
from modules.messaging.services.preferences import refused
from modules.messaging.settings import adapter_for
from modules.messaging.words import ASSOCIATION, PERSON


def send(
    session: UnitOfWork,
    kind: str,
    *,
    context: Mapping[str, Any],
    person: Person | None = None,
    address: str = "",
    locale: str = "",
    url: str = "",
) -> list[Message]:
    """Send a message once this transaction has committed, in the recipient's language, on each channel of its kind that
    reaches the recipient and that they have not refused.

    `kind` names a declared `MessageKind`; `context` gives each of its placeholders a plain value. The recipient is a
    person with an account, or an `address`: e-mail, or a phone number in E.164. `url` is the path within the house that
    the message leads to.

    Raises:
        KeyError: no module declares the kind.
        ValueError: the context does not fit its placeholders.
        NotReachable: there is neither a person nor a usable address.
    """
    declared = session.registry.messages[kind]
    _check_context(declared, context)
    words = {**encode(context), PERSON.name: person.name if person else "", ASSOCIATION.name: session.house.name}
    language = locale or (person.locale if person else "")
    ways = dict(_ways_to_person(session, declared, person) if person else _way_to_address(declared, address))
    return [
        _queue(
            session,
            Message(
                kind=kind,
                channel=channel,
                person_id=person.id if person else None,
                address=to,
                locale=language if language in session.house.locales else session.house.locale,
                url=url,
                words=words,
            ),
        )
        for channel, to in ways.items()
    ]


def resend(session: UnitOfWork, message: Message) -> Message:
    """Send the same words once more, as a new message.

    Raises:
        NothingToResend: another module sent it, and its words are not kept.
    """
    if not message.title:
        raise NothingToResend
    copied = ("kind", "channel", "person_id", "address", "locale", "title", "body", "url")
    again = _queue(session, Message(**{name: getattr(message, name) for name in copied}))
    audit.record(session, "messaging.message_resent", message, label=message.kind)
    return again


def _queue(session: UnitOfWork, message: Message) -> Message:
    session.add(message)
    session.flush()
    enqueue(session, DELIVER, message_id=message.id)
    return message


def _check_context(kind: MessageKind, context: Mapping[str, Any]) -> None:
    expected = {one.name for one in kind.placeholders}
    if set(context) != expected:
        msg = f"{kind.name} takes {sorted(expected)}, not {sorted(context)}"
        raise ValueError(msg)


def _ways_to_person(session: UnitOfWork, kind: MessageKind, person: Person) -> Iterator[tuple[Channel, str]]:
    unwanted = set() if kind.transactional else refused(session, person.id)
    reached = {
        Channel.IN_APP: "",
        Channel.EMAIL: person.email,
        Channel.SMS: person.phone if adapter_for(session, Channel.SMS) else None,
        Channel.WECHAT: str(person.id) if adapter_for(session, Channel.WECHAT) else None,
    }
    for channel in kind.channels:
        to = reached[channel]
        if to is not None and (kind.name, channel.value) not in unwanted:
            yield channel, to


def _way_to_address(kind: MessageKind, address: str) -> Iterator[tuple[Channel, str]]:
    if "@" in address and Channel.EMAIL in kind.channels:
        yield Channel.EMAIL, _mail_address(address)
    elif Channel.SMS in kind.channels and _is_phone(address):
        yield Channel.SMS, address
    else:
        raise NotReachable


def _mail_address(address: str) -> str:
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise NotReachable from error


def _is_phone(address: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return False
