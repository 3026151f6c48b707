"""A person is given everything that is kept of them, and is forgotten everywhere but where it is said why not."""

import json

import pytest
from psycopg import sql
from sqlalchemy import delete

from guildhall.core.db import Base
from guildhall.core.registry import is_personal
from modules.accounts import public as accounts
from modules.accounts.services.erasure import erase_person
from modules.accounts.services.takeout import takeout
from tests.security.planting import OF_SERVICES
from tests.security.world import Home

OF_OTHERS = {
    "accounts_people_import": "rows of a list that name nobody's account; emptied when the import has ended",
    "core_audit_entry": "the association's record of what was done",
    "core_idempotency_key": "what a program was answered, for a day; the rows it tells of are given where they are",
}
"""Tables with personal data that are not given to the person, with why."""

OF_THE_ASSOCIATION = frozenset(
    {
        "accounts_consent_document",
        "accounts_role",
        "core_setting",
        "core_webhook_delivery",
        "core_webhook_endpoint",
        "messaging_own_words",
    }
)
"""Tables whose words are the association's own and tell of nobody."""

SAID = {
    "core_audit_entry": "audit log",
    "core_job": "finished work",
    "core_job_progress": "finished work",
    "files_file": "file",
}
"""Tables in which a trace may stay, with the word by which the report names it."""


@pytest.fixture(scope="module")
def home(world):
    return world.a


def personal_tables() -> set[str]:
    return {mapper.local_table.name for mapper in Base.registry.mappers if is_personal(mapper.class_)}


def test_every_table_of_personal_data_is_somebodys_to_give_and_erase(world):
    covered = {t for m in world.runtime.registry.modules if m.personal_data for t in m.personal_data.tables}
    assert personal_tables() - covered - {"core_audit_entry"} == set()


def test_the_export_gives_what_each_table_holds(world, home):
    """Without the planted row the export says less, table by table."""
    missing = []
    for table in sorted(personal_tables() - OF_SERVICES - OF_OTHERS.keys()):
        with world.runtime.db.unit(home.tenant) as session:
            given = json.dumps(takeout(session, home.planted.owner.id))
            rows = Base.metadata.tables[table]
            session.execute(_gone(rows, home.planted.row(table)))
            session.expire_all()
            if json.dumps(takeout(session, home.planted.owner.id)) == given:
                missing.append(table)
            session.rollback()
    assert missing == []


def _gone(table, key):
    columns = list(table.primary_key.columns)
    keys = key if isinstance(key, tuple) else (key,)
    return delete(table).where(*(column == value for column, value in zip(columns, keys, strict=True)))


def test_the_export_names_the_person(world, home):
    with world.runtime.db.unit(home.tenant) as session:
        given = json.dumps(takeout(session, home.planted.owner.id))
    owner = home.planted.owner
    for value in (owner.name, owner.email, owner.phone, owner.organization):
        assert value in given


def test_the_export_holds_no_secret(world, home):
    with world.runtime.db.unit(home.tenant) as session:
        given = json.dumps(takeout(session, home.planted.owner.id))
    assert "fingerprint" not in given
    assert "password_hash" not in given
    assert "$argon2" not in given


def test_nothing_is_left_but_what_the_report_says(world, home, superuser, run_jobs):
    with world.runtime.db.begin(home.tenant) as session:
        report = erase_person(session, session.get_one(accounts.Person, home.planted.owner.id))
    run_jobs(home.tenant)
    words = " ".join(str(sentence) for sentence in report).lower()
    left = {table: what for table in Base.metadata.tables if (what := traces(superuser, home, table))}
    nobodys = OF_THE_ASSOCIATION | {"accounts_people_import"}
    unexplained = {
        table: what for table, what in left.items() if table not in nobodys and SAID.get(table, "\0") not in words
    }
    assert list(unexplained) == [], unexplained


def traces(superuser, home: Home, table: str) -> list[str]:
    """What is left in a table of the person who owned all that was planted."""
    query = sql.SQL("SELECT t::text FROM {}.{} t WHERE t::text LIKE %s OR t::text LIKE %s")
    names = map(sql.Identifier, (home.tenant.scope.schema, table))
    owner, others = home.planted.owner, {f"{home.canary} {role}" for role in home.people}
    rows = superuser.execute(query.format(*names), [f"%{home.canary}%", f"%{owner.phone}%"])
    return [
        row for (row,) in rows if owner.email in row or owner.phone in row or not any(other in row for other in others)
    ]
