"""Reads of people."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from guildhall.core.db import UnitOfWork
from modules.accounts.enums import PersonStatus
from modules.accounts.models import Person


def people() -> Select[tuple[Person]]:
    """Everybody who has not been erased."""
    return select(Person).where(Person.status != PersonStatus.ERASED)


def matching(words: str) -> Select[tuple[Person]]:
    """People whose name, address or organization holds these words."""
    columns = (Person.name, Person.email, Person.phone, Person.organization)
    return people().where(or_(*(column.icontains(words, autoescape=True) for column in columns)))


def pick_people(session: UnitOfWork, words: str, limit: int = 10) -> Sequence[Person]:
    """The first few people that match, by name; for a field that finds a person."""
    return session.scalars(matching(words).order_by(Person.name, Person.id).limit(limit)).all()
