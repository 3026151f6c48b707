"""Reading notices."""

from uuid import UUID

from sqlalchemy import update

from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.messages import Channel
from modules.messaging.models import Message
from modules.messaging.queries import unread_notices


def read_notice(session: UnitOfWork, person_id: UUID, message_id: UUID) -> Message:
    """A person's own notice; it counts as read from now on.

    Raises:
        NotFound: there is none, or it is another's.
    """
    message: Message = session.get_or_404(Message, message_id)
    if message.person_id != person_id or message.channel != Channel.IN_APP:
        raise NotFound
    message.read_at = message.read_at or now()
    session.flush()
    return message


def read_all(session: UnitOfWork, person_id: UUID) -> None:
    """Count all of a person's notices as read."""
    unread = unread_notices(person_id).with_only_columns(Message.id)
    session.execute(update(Message).where(Message.id.in_(unread)).values(read_at=now()))
