"""Provisioning that fails leaves nothing; two at once never get in each other's way."""

import threading

import pytest
from sqlalchemy import delete, event

from guildhall.console.onboarding import furnish
from tenants import schemas
from tenants.errors import SlugTaken
from tenants.models import SpareSchema
from tenants.profile import Profile
from tenants.provisioning import NewTenant, build_spare, provision
from tenants.spares import count_ready, replenish


class Fault(Exception):
    """What the test throws in the middle."""


def order(slug):
    return NewTenant(slug=slug, profile=Profile(name="Chamber"))


@pytest.fixture
def without_spares(process):
    with process.runtime.owner_db.begin(process.runtime.platform) as session:
        for spare in session.query(SpareSchema).all():
            schemas.drop(session.connection(), spare.id)
        session.execute(delete(SpareSchema))


def statements_of(database, work):
    """How many statements of a database's connections the work sends."""
    sent = []
    listener = lambda *arguments: sent.append(arguments[2])  # noqa: E731
    event.listen(database.engine, "before_cursor_execute", listener)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", listener)
    return len(sent)


def failing_at(database, number):
    """A listener that throws at a statement, by its number."""
    count = iter(range(10**6))

    def fail(*_):
        if next(count) == number:
            raise Fault

    event.listen(database.engine, "before_cursor_execute", fail)
    return lambda: event.remove(database.engine, "before_cursor_execute", fail)


def test_a_fault_at_any_statement_of_the_claim_and_the_seed_leaves_nothing(process, inventory):
    runtime, tenants = process.runtime, process.tenants
    build_spare(runtime)
    statements = statements_of(runtime.db, lambda: provision(runtime, tenants, order("harbour-guild"), furnish))
    build_spare(runtime)
    before = inventory()
    assert statements > 5  # or the faults below would prove nothing
    for number in range(statements):
        undo = failing_at(runtime.db, number)
        try:
            with pytest.raises(Fault):
                provision(runtime, tenants, order("never-founded"), furnish)
        finally:
            undo()
        assert inventory() == before, f"statement {number}"
    assert provision(runtime, tenants, order("never-founded"), furnish).from_spare


def test_a_fault_at_any_step_of_the_building_leaves_nothing(process, inventory, monkeypatch, without_spares):
    """The schema's statements go out in one pipeline; the fault is a statement that PostgreSQL refuses."""
    runtime, tenants = process.runtime, process.tenants
    whole = schemas.execute_all
    before = inventory()
    lengths = []
    monkeypatch.setattr(schemas, "execute_all", lambda c, s: lengths.append(len(s)) or whole(c, s))
    provision(runtime, tenants, order("first-built"), furnish)
    after_one = inventory()
    assert after_one["schemas"] == before["schemas"] + 1
    steps = lengths[0]
    assert steps > 30
    for number in range(0, steps, max(1, steps // 40)):

        def cut(connection, statements, at=number):
            whole(connection, [*statements[:at], "SELECT 1/0", *statements[at:]])

        monkeypatch.setattr(schemas, "execute_all", cut)
        with pytest.raises(Exception, match="division by zero"):
            provision(runtime, tenants, order("never-built"), furnish)
        assert inventory() == after_one, f"step {number}"


def test_two_at_once_for_one_slug(process):
    """Both begin; one gets it, the other is told that it is taken."""
    build_spare(process.runtime)
    build_spare(process.runtime)
    barrier, outcomes = threading.Barrier(2), []

    def meet(session, tenant):
        furnish(session, tenant)

    def found():
        barrier.wait()
        try:
            outcomes.append(provision(process.runtime, process.tenants, order("one-of-two"), meet).tenant.slug)
        except SlugTaken as taken:
            outcomes.append(taken.fields["slug"])

    threads = [threading.Thread(target=found) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome == "one-of-two" for outcome in outcomes) == [False, True]


def test_many_at_once_with_few_spares_each_get_their_own(process, without_spares):
    build_spare(process.runtime)
    made = []

    def found(slug):
        made.append(provision(process.runtime, process.tenants, order(slug), furnish).tenant)

    threads = [threading.Thread(target=found, args=(f"{name}-club",)) for name in ("amber", "birch", "cedar", "dune")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tenant.scope.schema for tenant in made}) == 4


def test_spares_are_kept_ready_and_outdated_ones_rebuilt(process, superuser, run_jobs):
    runtime = process.runtime
    replenish(runtime)
    outdated = superuser.execute(
        'UPDATE platform.spare_schema SET revisions = \'{"core": "core_0000"}\' RETURNING schema'
    ).fetchall()
    assert replenish(runtime) == runtime.settings.spare_schemas
    left = superuser.execute("SELECT count(*) FROM pg_namespace WHERE nspname = ANY(%s)", [[s for (s,) in outdated]])
    assert left.fetchone() == (0,)
    provision(runtime, process.tenants, order("spare-taker"), furnish)
    run_jobs(runtime.platform)  # onboarding has asked for the next one
    with runtime.db.begin(runtime.platform) as session:
        assert count_ready(session) == runtime.settings.spare_schemas
