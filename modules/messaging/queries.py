"""Reads of messages."""

from uuid import UUID

from sqlalchemy import Select, func, or_, select

from guildhall.core.db import UnitOfWork
from guildhall.core.messages import Channel
from modules.accounts.public import Person
from modules.messaging.enums import Status
from modules.messaging.models import BlockedAddress, Message, OwnWords


def notices(person_id: UUID) -> Select[Message]:
    """What a person reads in the app, newest first."""
    return (
        select(Message)
        .where(Message.person_id == person_id, Message.channel == Channel.IN_APP, Message.status == Status.SENT)
        .order_by(Message.created_at.desc(), Message.id.desc())
    )


def unread_notices(person_id: UUID) -> Select[Message]:
    return notices(person_id).where(Message.read_at.is_(None)).order_by(None)


def unread_count(session: UnitOfWork, person_id: UUID | None) -> int:
    """How many notices wait for a person; none for nobody."""
    if person_id is None:
        return 0
    return session.scalar(unread_notices(person_id).with_only_columns(func.count())) or 0


def log(*, search: str = "", channel: str = "", status: str = "", kind: str = "") -> Select[Message]:
    """The delivery log. Words are looked for in title, address, and the person's name. Unordered."""
    statement = select(Message).outerjoin(Person, Person.id == Message.person_id)
    for column, value in ((Message.channel, channel), (Message.status, status), (Message.kind, kind)):
        if value:
            statement = statement.where(column == value)
    if search:
        columns = (Message.title, Message.address, Person.name)
        statement = statement.where(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    return statement


def names_of(session: UnitOfWork, ids: set[UUID]) -> dict[UUID, str]:
    """The names of people, in one query."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


def blocked_addresses(search: str = "") -> Select[BlockedAddress]:
    statement = select(BlockedAddress)
    return statement.where(BlockedAddress.address.icontains(search, autoescape=True)) if search else statement


def own_templates(session: UnitOfWork) -> set[tuple[str, str]]:
    """Kinds and languages in which the association uses its own words."""
    return {(kind, locale) for kind, locale in session.execute(select(OwnWords.kind, OwnWords.locale))}
