"""Lists by cursor: however the table changes meanwhile, every row comes exactly once."""

from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from modules.accounts.models import Person
from modules.accounts.public import create_person


@pytest.fixture
def count_queries(runtime):
    """Gathers the statements of a block."""

    @contextmanager
    def counting():
        statements = []

        def note(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(runtime.db.engine, "before_cursor_execute", note)
        yield statements
        event.remove(runtime.db.engine, "before_cursor_execute", note)

    return counting


def page_through(caller, limit, between=lambda: None):
    """All ids, page by page, doing something between two pages."""
    path, seen, sizes = f"/people?limit={limit}", [], []
    while path:
        answer = caller.get(path)
        assert answer.status_code == 200, answer.text
        seen += [item["id"] for item in answer.json["data"]]
        sizes.append(len(answer.json["data"]))
        cursor = answer.json["next_cursor"]
        path = f"/people?limit={limit}&cursor={cursor}" if cursor else ""
        assert ("Link" in answer.headers) == bool(cursor)
        between()
    assert all(size == limit for size in sizes[:-1])
    return seen


@given(
    limit=st.integers(1, 7),
    before=st.integers(0, 12),
    inserts=st.lists(st.integers(0, 2), max_size=4),
    removals=st.lists(st.integers(0, 30), max_size=4),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_exactly_once(runtime, make_tenant, make_caller, limit, before, inserts, removals):
    house = make_tenant(locale="en")
    caller = make_caller(house=house)
    ids, removed, number = [], set(), iter(range(1000))

    def insert(count):
        with runtime.db.begin(house) as session:
            for _ in range(count):
                person = create_person(session, "Wu", email=f"wu-{next(number)}@a.example")
                ids.append(str(person.id))

    def disturb():
        insert(inserts.pop() if inserts else 0)
        if removals and ids:
            victim = ids[removals.pop() % len(ids)]
            with runtime.db.begin(house) as session:
                person = session.get(Person, victim)
                if person is not None:
                    session.delete(person)
            removed.add(victim)

    insert(before)
    steady = {item["id"] for item in caller.get("/people?limit=200").json["data"]}
    seen = page_through(caller, limit, disturb)
    assert len(seen) == len(set(seen))
    assert steady - removed <= set(seen)
    assert set(seen) <= steady | set(ids)


def test_the_next_page_is_linked(make_caller, make_person, tenant):
    caller = make_caller()
    for _ in range(3):
        make_person()
    link = caller.get("/people?limit=2&status=active").headers["Link"]
    address, relation = link.split("; ")
    assert relation == 'rel="next"'
    assert address.startswith("<" + tenant.url("/api/v1/people?"))
    following = caller.get(address.strip("<>").partition("/api/v1")[2])
    assert following.status_code == 200
    assert len(following.json["data"]) == 2


def test_a_cursor_is_good_for_its_list_alone(make_caller, make_person, make_tenant):
    caller, house = make_caller(), make_tenant(locale="en")
    for _ in range(2):
        make_person()
        make_person(house)
    cursor = caller.get("/people?limit=1").json["next_cursor"]
    for wrong in (cursor[:-2], "x", cursor + "a", cursor.swapcase()):
        answer = caller.get(f"/people?cursor={wrong}")
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["cursor"])
    elsewhere = make_caller(house=house)
    assert elsewhere.get(f"/people?cursor={cursor}").status_code == 422


def test_a_list_costs_as_many_queries_with_many_rows_as_with_one(make_caller, make_person, count_queries):
    caller = make_caller()
    caller.get("/people")
    with count_queries() as few:
        caller.get("/people")
    for _ in range(5):
        make_person()
    with count_queries() as many:
        assert len(caller.get("/people").json["data"]) == 6
    assert len(many) == len(few) == 3, many
