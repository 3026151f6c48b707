"""The one mail that carries every kind of message, and this module's part in the mails that others send themselves."""

from typing import Any

from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _l
from guildhall.core.mail import Mail, MailHook, MailTemplate
from guildhall.core.messages import Channel
from modules.accounts.public import Person
from modules.messaging.enums import BlockReason, Status
from modules.messaging.models import Message
from modules.messaging.services.addresses import block, blocked

NOTICE = MailTemplate("messaging.notice", _l("Message"), "%(title)s")


def _prepare(session: UnitOfWork, mail: Mail, _words: dict[str, Any]) -> Mail | None:
    """Hold back what need not arrive from an address that bounces or whose owner wants none."""
    if session.registry.mails[mail.template].transactional:
        return mail
    block_ = blocked(session, mail.to)
    if block_ is None:
        return mail
    _note(session, mail, Status.HELD, block_.reason)
    return None


def _delivered(session: UnitOfWork, mail: Mail, refusal: str) -> None:
    _note(session, mail, Status.FAILED if refusal else Status.SENT, refusal)
    if refusal:
        block(session, mail.to, BlockReason.BOUNCED, refusal)


def _note(session: UnitOfWork, mail: Mail, status: Status, error: str) -> None:
    """One line in the delivery log. Without the words: they may hold a code or a link that lets somebody in."""
    person_id = session.scalar(select(Person.id).where(Person.email == mail.to.lower()))
    message = Message(
        kind=mail.template,
        channel=Channel.EMAIL,
        person_id=person_id,
        address=mail.to,
        locale=mail.locale,
        status=status,
        error=error,
        attempts=1,
        sent_at=now() if status == Status.SENT else None,
    )
    session.add(message)
    session.flush()


HOOK = MailHook(prepare=_prepare, delivered=_delivered)
