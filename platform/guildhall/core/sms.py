"""Text messages: the same way as mails. A module with a contract with a carrier brings the gateway."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SmsTemplate:
    """A kind of text message. Carriers approve texts beforehand and are told name and words; `text` is the wording."""

    name: str
    label: Any
    text: Any


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message about to go; `to` is a number in E.164."""

    id: UUID
    template: str
    to: str
    text: str
    words: dict[str, Any]


SmsGateway = Callable[["UnitOfWork", Sms], None]


def send_sms(session: "UnitOfWork", template: str, to: str, locale: str, words: dict[str, Any]) -> UUID:
    """Send a text message once this transaction has committed; returns the job's id."""
    declared = session.registry.sms_templates[template]
    return enqueue(session, SEND_SMS, template=declared.name, to=to, locale=locale, words=words)


def _send(context: JobContext, template: str, to: str, locale: str, words: dict[str, Any]) -> None:
    session, house = context.session, context.session.house
    with context.runtime.speaking(house, locale):
        text = str(session.registry.sms_templates[template].text) % {"house": house.name, **words}
    sms = Sms(context.job_id, template, to, text, words)
    gateways = [module.sms_gateway for module in session.registry.active(house.modules) if module.sms_gateway]
    (gateways[0] if gateways else _log)(session, sms)


def _log(session: "UnitOfWork", sms: Sms) -> None:
    """Without a gateway the message is written to the log, where whoever runs the platform reads it."""
    log.info("sms", house=str(session.house.id), to=sms.to, text=sms.text)


SEND_SMS = Job("core.send_sms", _send, timeout_seconds=60)
