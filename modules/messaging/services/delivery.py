"""Delivering one message: in the recipient's language, to its carrier, and again while that is away."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from guildhall.core.clock import now
from guildhall.core.facts import emit
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from guildhall.core.messages import Channel
from modules.messaging.adapters import Refused, TryLater
from modules.messaging.carriers import carry
from modules.messaging.enums import BlockReason, Status
from modules.messaging.facts import AddressBounced, MessageFailed
from modules.messaging.models import Message
from modules.messaging.services.addresses import block, blocked
from modules.messaging.services.own_words import words_of

# After each failed attempt; a mail server that is down on a Friday evening is back on Monday.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=48),
)


def _deliver(context: JobContext, message_id: UUID) -> None:
    session = context.session
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None or message.status != Status.QUEUED:
        return
    with context.runtime.speaking(session.house, message.locale):
        _write(context, message)
        held = _reason_to_hold(context, message)
        if held:
            message.status, message.error = Status.HELD, held
        else:
            _attempt(context, message)


def _write(context: JobContext, message: Message) -> None:
    """Fill in the words, once: an attempt later says the same, also if the template has changed meanwhile."""
    if message.title:
        return
    session = context.session
    words = words_of(session, session.registry.messages[message.kind], message.locale).filled(message.words)
    message.title, message.body, message.words = words.title, words.body, {}


def _reason_to_hold(context: JobContext, message: Message) -> str:
    if message.channel != Channel.EMAIL or context.session.registry.messages[message.kind].transactional:
        return ""
    block_ = blocked(context.session, message.address)
    return block_.reason if block_ else ""


def _attempt(context: JobContext, message: Message) -> None:
    message.attempts += 1
    try:
        carry(context.session, context.runtime, message)
    except TryLater as error:
        _try_later(context, message, str(error))
    except Refused as error:
        _fail(context, message, str(error))
        _note_bounce(context, message)
    else:
        message.status, message.error, message.sent_at = Status.SENT, "", now()


def _try_later(context: JobContext, message: Message, error: str) -> None:
    message.error = error[:500]
    if message.attempts > len(RETRY_AFTER):
        _fail(context, message, error)
    else:
        moment = now() + RETRY_AFTER[message.attempts - 1]
        enqueue(context.session, DELIVER, run_at=moment, message_id=message.id)


def _fail(context: JobContext, message: Message, error: str) -> None:
    message.status, message.error = Status.FAILED, error[:500]
    emit(context.session, MessageFailed(message.id, message.kind, message.channel, message.person_id))


def _note_bounce(context: JobContext, message: Message) -> None:
    if message.channel == Channel.EMAIL:
        context.session.flush()
        block(context.session, message.address, BlockReason.BOUNCED, message.error)
        emit(context.session, AddressBounced(message.person_id, message.error))


DELIVER = Job("messaging.deliver", _deliver, timeout_seconds=60)
