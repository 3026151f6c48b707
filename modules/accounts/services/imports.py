"""Bringing in the people of a list: read, match the columns, look, run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import DomainError
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from modules.accounts.enums import ImportState
from modules.accounts.errors import AddressTwice, ImportStarted, ListEmpty
from modules.accounts.importing.columns import find_header, guess_columns, read_person
from modules.accounts.importing.reading import read_list
from modules.accounts.models import PeopleImport, Person
from modules.accounts.services.invitations import send_invitation
from modules.accounts.services.people import create_person, find_by_address
from modules.accounts.services.roles import granted_permissions, may_act_on

PREVIEWED = 20
CHUNK = 100
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as it would be taken, or why it would not."""

    line: int
    values: Mapping[str, str | None]
    error: str = ""


def start_import(session: UnitOfWork, name: str, content: bytes) -> PeopleImport:
    """Read a list and guess what its columns mean. Nobody is brought in yet.

    Raises:
        ListUnreadable, ListTooLarge, ListEmpty: at the field `file`.
    """
    header, rows, first = find_header(read_list(content))
    kept = [{"line": line, "cells": cells} for line, cells in enumerate(rows, first) if any(cells)]
    if not kept:
        raise ListEmpty(fields={"file": ListEmpty.message})
    mapping = guess_columns(header, [cells for cells in rows if any(cells)])
    created = PeopleImport(
        name=name[:120],
        header=header,
        rows=kept,
        mapping=dict(mapping),
        created_by=session.actor.person_id,
    )
    session.add(created)
    session.flush()
    audit.record(session, "accounts.import_read", created, changes={"rows": len(kept)})
    return created


def change_mapping(session: UnitOfWork, people_import: PeopleImport, mapping: Mapping[str, int]) -> None:
    """Say what the columns mean, field → column.

    Raises:
        ImportStarted.
    """
    _demand_unstarted(people_import)
    people_import.mapping = dict(mapping)
    session.flush()


def run_import(session: UnitOfWork, people_import: PeopleImport, *, send_invitations: bool) -> None:
    """Bring the people in, by a job.

    Raises:
        ImportStarted.
    """
    _demand_unstarted(people_import)
    people_import.state = ImportState.RUNNING
    people_import.send_invitations = send_invitations
    people_import.job_id = enqueue(session, IMPORT_PEOPLE, import_id=people_import.id)
    session.flush()
    audit.record(session, "accounts.import_started", people_import, changes={"rows": len(people_import.rows)})


def preview(people_import: PeopleImport) -> Iterator[PreviewRow]:
    """Every row as it would be taken. The same address twice is an error at the second row."""
    seen: set[str] = set()
    for row in people_import.rows:
        try:
            values = read_person(row["cells"], people_import.mapping)
        except DomainError as error:
            yield PreviewRow(row["line"], {"name": " · ".join(filter(None, row["cells"]))[:80]}, str(error))
            continue
        twice = seen & (addresses := {value for value in (values["email"], values["phone"]) if value})
        seen |= addresses
        yield PreviewRow(row["line"], values, str(AddressTwice()) if twice else "")


def _run(context: JobContext, import_id: UUID) -> None:
    """Take the rows chunk by chunk, each in a transaction of its own: a run that is interrupted goes on after the last
    chunk, and neither memory nor locks grow with the list.
    """
    people_import = context.session.get_one(PeopleImport, import_id)
    actor, cells = _actor(context.session, people_import), people_import.rows
    rows = list(preview(people_import))
    while people_import.state == ImportState.RUNNING:
        with context.runtime.db.begin(context.session.house, actor) as session:
            people_import = session.get_one(PeopleImport, import_id, with_for_update=True)
            start, end = people_import.done_count, people_import.done_count + CHUNK
            _take_chunk(session, people_import, rows[start:end], cells[start:end])
            if end >= len(rows):
                _finish(session, people_import, ImportState.DONE, "accounts.import_finished")
        context.progress(people_import.done_count, len(rows))


def _take_chunk(
    session: UnitOfWork, people_import: PeopleImport, rows: Sequence[PreviewRow], cells: Sequence[Mapping[str, Any]]
) -> None:
    errors = []
    for row, raw in zip(rows, cells, strict=True):
        error = row.error or _take(session, people_import, row.values)
        if error:
            errors.append({"line": row.line, "cells": raw["cells"], "error": error})
    people_import.errors = [*people_import.errors, *errors]
    people_import.done_count += len(rows)


def _give_up(context: JobContext, import_id: UUID) -> None:
    people_import = context.session.get(PeopleImport, import_id, with_for_update=True)
    if people_import is not None and people_import.state == ImportState.RUNNING:
        _finish(context.session, people_import, ImportState.FAILED, "accounts.import_failed")


def _finish(session: UnitOfWork, people_import: PeopleImport, state: ImportState, action: str) -> None:
    people_import.rows = []
    people_import.state, people_import.finished_at = state, now()
    session.flush()
    counts = {"created": people_import.created_count, "updated": people_import.updated_count}
    audit.record(session, action, people_import, changes=counts | {"errors": len(people_import.errors)})


def sweep_imports(session: UnitOfWork) -> None:
    """Forget lists that were read a week ago and never brought in."""
    left = (PeopleImport.state == ImportState.MAPPING, PeopleImport.created_at < now() - KEPT)
    session.execute(delete(PeopleImport).where(*left))


def _take(session: UnitOfWork, people_import: PeopleImport, values: Mapping[str, Any]) -> str:
    """Bring one person in; returns what is wrong, or nothing."""
    try:
        with session.begin_nested():
            known = [find_by_address(session, value) for value in (values["email"], values["phone"]) if value]
            person = next(filter(None, known), None)
            if person is None:
                _create(session, people_import, values)
            else:
                _complete(session, people_import, person, values)
    except DomainError as error:
        return str(next(iter(error.fields.values()), error))
    return ""


def _create(session: UnitOfWork, people_import: PeopleImport, values: Mapping[str, Any]) -> None:
    person = create_person(
        session,
        values["name"],
        email=values["email"],
        phone=values["phone"],
        organization=values["organization"] or "",
    )
    if people_import.send_invitations:
        send_invitation(session, person)
    people_import.created_count += 1


def _complete(session: UnitOfWork, people_import: PeopleImport, person: Person, values: Mapping[str, Any]) -> None:
    """Fill what is empty in a person who is known already; what they wrote themselves stays. Somebody who may do more
    than whoever brings the list gets no address from it, since that would be a way into their account.
    """
    missing = {key: value for key, value in values.items() if value and not getattr(person, key)}
    for key in missing.keys() & {"email", "phone"}:
        if find_by_address(session, missing[key]) or not may_act_on(session, person):
            del missing[key]
    for key, value in missing.items():
        setattr(person, key, value)
    if missing:
        session.flush()
        audit.record(session, "accounts.person_changed", person, changes={"fields": sorted(missing)})
        people_import.updated_count += 1


def _actor(session: UnitOfWork, people_import: PeopleImport) -> Actor:
    """Whoever started the import: the log and the invitations name them, and it may do no more than they may."""
    person = session.get(Person, people_import.created_by) if people_import.created_by else None
    if person is None:
        return session.actor
    return Actor(ActorKind.PERSON, person.id, person.name, granted_permissions(session, person.id))


def _demand_unstarted(people_import: PeopleImport) -> None:
    if people_import.state != ImportState.MAPPING:
        raise ImportStarted


IMPORT_PEOPLE = Job("accounts.import_people", _run, max_attempts=3, timeout_seconds=1800, gave_up=_give_up)
