"""People: made, changed, suspended, let in again."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from modules.accounts.addresses import normal_email, normal_phone
from modules.accounts.enums import PersonStatus
from modules.accounts.errors import AddressMissing, EmailTaken, NotYourself, PhoneTaken
from modules.accounts.models import Person
from modules.accounts.services.roles import demand_another_admin, demand_no_more_than_actor
from modules.accounts.services.sessions import end_sessions


def create_person(
    session: UnitOfWork,
    name: str,
    *,
    email: str | None = None,
    phone: str | None = None,
    organization: str = "",
    locale: str = "",
    status: PersonStatus = PersonStatus.INVITED,
) -> Person:
    """A person of this house, known by an e-mail address, a phone number or both.

    Raises:
        EmailInvalid, PhoneInvalid, EmailTaken, PhoneTaken, AddressMissing: at the field.
    """
    person = Person(
        name=name.strip(),
        email=normal_email(email) if email else None,
        phone=normal_phone(phone) if phone else None,
        organization=organization.strip(),
        locale=locale if locale in session.house.locales else session.house.locale,
        status=status,
        joined_at=now() if status is PersonStatus.ACTIVE else None,
    )
    _check_addresses(session, person)
    session.add(person)
    session.flush()
    audit.record(session, "accounts.person_created", person)
    return person


def change_person(
    session: UnitOfWork, person: Person, *, name: str, email: str | None, phone: str | None, organization: str
) -> None:
    """Change what the association knows of a person. A new address counts as not verified.

    Raises:
        EmailInvalid, PhoneInvalid, EmailTaken, PhoneTaken, AddressMissing: at the field.
        PersonBeyondYours: an address of somebody who may do more than the actor.
    """
    values = {
        "name": name.strip(),
        "email": normal_email(email) if email else None,
        "phone": normal_phone(phone) if phone else None,
        "organization": organization.strip(),
    }
    changed = {key: value for key, value in values.items() if getattr(person, key) != value}
    if changed.keys() & {"email", "phone"}:
        demand_no_more_than_actor(session, person)
    with session.no_autoflush:
        for key, value in changed.items():
            setattr(person, key, value)
        _check_addresses(session, person)
    for key in changed.keys() & {"email", "phone"}:
        setattr(person, f"{key}_verified_at", None)
    session.flush()
    _note_changes(session, person, changed)


def set_locale(session: UnitOfWork, person: Person, locale: str) -> None:
    """The language of mails to this person."""
    if locale in session.house.locales and locale != person.locale:
        before, person.locale = person.locale, locale
        session.flush()
        audit.record(session, "accounts.person_changed", person, changes={"locale": [before, locale]})


def suspend(session: UnitOfWork, person: Person, reason: str = "") -> None:
    """Keep a person out, at once and until resumed. Nothing of theirs is lost.

    Raises:
        NotYourself, LastAdmin, PersonBeyondYours.
    """
    if person.id == session.actor.person_id:
        raise NotYourself
    if person.status != PersonStatus.ACTIVE:
        return
    demand_no_more_than_actor(session, person)
    demand_another_admin(session, person)
    person.status = PersonStatus.SUSPENDED
    session.flush()
    end_sessions(session, person.id)
    audit.record(session, "accounts.person_suspended", person, reason=reason)


def resume(session: UnitOfWork, person: Person) -> None:
    """Let a suspended person in again."""
    if person.status == PersonStatus.SUSPENDED:
        person.status = PersonStatus.ACTIVE
        session.flush()
        audit.record(session, "accounts.person_resumed", person)


def find_by_address(session: UnitOfWork, address: str) -> Person | None:
    """The person with a normal e-mail address or phone number."""
    column = Person.email if "@" in address else Person.phone
    return session.scalar(select(Person).where(column == address))


def _check_addresses(session: UnitOfWork, person: Person) -> None:
    if not person.email and not person.phone:
        raise AddressMissing(fields={"email": AddressMissing.message})
    for column, error in ((Person.email, EmailTaken), (Person.phone, PhoneTaken)):
        value = getattr(person, column.key)
        taken = value and session.scalar(select(Person.id).where(column == value, Person.id != person.id))
        if taken:
            raise error(fields={column.key: error.message})


def _note_changes(session: UnitOfWork, person: Person, changed: Iterable[str]) -> None:
    """The log names the fields; what was in them is personal and does not belong into a log that cannot forget."""
    fields = sorted(changed)
    if fields:
        audit.record(session, "accounts.person_changed", person, changes={"fields": fields})


def get_person(session: UnitOfWork, person_id: UUID) -> Person:
    """A person who has not been erased.

    Raises:
        NotFound.
    """
    person: Person = session.get_or_404(Person, person_id)
    if person.status == PersonStatus.ERASED:
        raise NotFound
    return person
