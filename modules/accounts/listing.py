"""The secretariat's list of people, as a table of the kit."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from flask import url_for

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _, pgettext
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import BulkAction, Column, Filter, Query, Table
from guildhall.core.web.view import Entry
from guildhall.core.web.view import Person as Face
from modules.accounts import words
from modules.accounts.enums import PersonStatus
from modules.accounts.models import Person
from modules.accounts.permissions import PEOPLE_MANAGE, ROLES_MANAGE
from modules.accounts.queries import ORDERS, assignable_roles, listed, role_names
from modules.accounts.services.roles import label_of

SHOWN_STATUS = (PersonStatus.ACTIVE, PersonStatus.INVITED, PersonStatus.SUSPENDED)


def people_table(session: UnitOfWork, query: Query) -> Table:
    """One page of the list."""
    rows, total = page_of(session, _statement(query), query, ORDERS, default="name", tie=Person.id)
    names = role_names(session, [person.id for person in rows])
    return Table(
        id="people",
        label=_("People"),
        columns=_columns(lambda person: words.enumeration(names.get(person.id, ()))),
        rows=rows,
        query=query,
        total=total,
        filters=[
            Filter("status", _("Status"), [(status, words.STATUS[status].label) for status in SHOWN_STATUS]),
            Filter("role", _("Role"), [(str(role.id), label_of(role)) for role in assignable_roles(session)]),
        ],
        bulk_actions=_bulk_actions(session),
        row_url=lambda person: url_for("accounts_people.show", person_id=person.id),
        export_url=url_for("accounts_people.export"),
        empty_title=_("Nobody is here yet"),
        empty_text=_("Invite your colleagues, and bring in your members from the list that you have."),
        empty_icon="users",
        empty_action=Entry(_("Import a list"), url_for("accounts_imports.new"), "upload"),
    )


def people_sheet(session: UnitOfWork, query: Query) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    """Titles and rows of the whole list, for a file."""
    people = session.scalars(_statement(query).order_by(Person.name, Person.id)).all()
    names = role_names(session, [person.id for person in people])
    titles = [
        pgettext("person", "Name"),
        _("E-mail"),
        _("Phone"),
        _("Company"),
        _("Status"),
        _("Roles"),
        _("Joined"),
        _("Last seen"),
    ]
    return titles, ([*_cells(person), *_when(person, names.get(person.id, ()))] for person in people)


def person_actions(session: UnitOfWork, person: Person) -> list[Entry]:
    """What may be done with a person, the rare things."""
    link = partial(url_for, person_id=person.id)
    entries = []
    if session.actor.may(ROLES_MANAGE):
        entries.append(Entry(_("Roles"), link("accounts_people.roles"), "key-round"))
    if session.actor.may(PEOPLE_MANAGE):
        if person.status == PersonStatus.INVITED:
            entries.append(Entry(_("Invite again"), link("accounts_people.invite_again"), "mail", post=True))
        if person.status == PersonStatus.SUSPENDED:
            entries.append(Entry(_("Resume"), link("accounts_people.resume_one"), "undo-2", post=True))
        if person.is_active and person.id != session.actor.person_id:
            entries.append(Entry(_("Suspend"), link("accounts_people.suspend_one"), "ban", danger=True))
    return entries


def _statement(query: Query) -> Any:
    return listed(query.search, query.filter("status"), query.filter("role"))


def _columns(roles: Any) -> list[Column]:
    return [
        Column("name", pgettext("person", "Name"), "person", lambda p: Face(p.name, p.address), sortable=True),
        Column("organization", _("Company"), sortable=True),
        Column("phone", _("Phone"), optional=True),
        Column("roles", _("Roles"), value=roles),
        Column("status", _("Status"), "state", lambda p: words.STATUS[PersonStatus(p.status)]),
        Column("joined_at", _("Joined"), "date", sortable=True, optional=True),
        Column("last_seen_at", _("Last seen"), "relative", sortable=True),
    ]


def _bulk_actions(session: UnitOfWork) -> list[BulkAction]:
    if not session.actor.may(PEOPLE_MANAGE):
        return []
    act = partial(url_for, "accounts_people.bulk")
    sure = _("Suspend everybody who was chosen? They are signed out at once.")
    return [
        BulkAction(_("Invite again"), act(act="invite"), "mail"),
        BulkAction(_("Suspend"), act(act="suspend"), "ban", danger=True, confirm=sure),
    ]


def _cells(person: Person) -> tuple[Any, ...]:
    status = str(words.STATUS[PersonStatus(person.status)].label)
    return person.name, person.email, person.phone, person.organization, status


def _when(person: Person, roles: Sequence[str]) -> tuple[Any, ...]:
    return words.enumeration(roles), person.joined_at, person.last_seen_at
