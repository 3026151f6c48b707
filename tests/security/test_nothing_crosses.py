"""Two associations with something of their own in every column: nothing of one is reached through the other.

Each way in is tried on every address of a house. A new table is planted by itself; a new address whose arguments are
not known to `world.ARGUMENTS` fails here until somebody says what they name.
"""

import hashlib
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from guildhall.core.db import Base
from guildhall.core.db.engine import NoScopeError
from guildhall.core.house import Scope
from guildhall.core.ids import token, uuid7
from guildhall.core.permissions import AccessKind, access_of
from tests.security.planting import wordy_columns
from tests.security.world import Home, Route, cookie_of, names_something, routes, set_cookie

NO_SUCH_THING = {403, 404, 410}
NOT_SIGNED_IN = {302, 401}


@pytest.fixture(scope="module")
def house_routes(world):
    return routes(world.doors.house)


@pytest.fixture(params=["a at b", "b at a"])
def pair(request, world):
    """Whose things are shown, and where."""
    return (world.a, world.b) if request.param == "a at b" else (world.b, world.a)


def leaks(answer, word) -> bool:
    return word.encode() in answer.data or word in str(answer.headers)


def told(route: Route, answer) -> str:
    return f"{route}: {answer.status}"


def rows_with(superuser, schema, table, word, column=None):
    what = sql.Identifier(column) if column else sql.SQL("t")
    query = sql.SQL("SELECT count(*) FROM {}.{} t WHERE {}::text LIKE %s")
    return superuser.execute(query.format(*map(sql.Identifier, (schema, table)), what), [f"%{word}%"]).fetchone()[0]


def contents(superuser, home: Home) -> dict[str, str]:
    """Table → hash over all its rows."""
    found = {}
    for table in Base.metadata.tables:
        query = sql.SQL("SELECT t::text FROM {}.{} t ORDER BY 1")
        rows = superuser.execute(query.format(*map(sql.Identifier, (home.tenant.scope.schema, table))))
        found[table] = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()
    return found


# --- what these tests stand on ---


def test_every_table_holds_the_associations_word_in_every_column_of_words(world, superuser):
    for home in (world.a, world.b):
        schema = home.tenant.scope.schema
        rows = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        assert {name for (name,) in rows} - {"alembic_version"} == set(Base.metadata.tables)
        columns = [
            (*column, rows_with(superuser, schema, column[0], home.canary, column[1])) for column in wordy_columns()
        ]
        assert [f"{table}.{column}" for table, column, count in columns if not count] == []


def test_every_argument_of_every_address_is_known(world, house_routes):
    for route in house_routes:
        assert "<" not in route.path(world.a.argument)


def test_at_home_the_words_are_seen(world, house_routes):
    """The control: the same walk finds the word where it belongs."""
    admin = world.a.visitor("admin")
    seen = {
        r.endpoint
        for r in house_routes
        if r.method == "GET" and leaks(admin.get(r.path(world.a.argument)), world.a.canary)
    }
    expected = {"accounts_people.show", "files_admin.show", "files.shared", "webhooks.delivery", "messaging_admin.show"}
    assert expected <= seen
    assert world.a.canary in world.a.caller().get(f"/people/{world.a.planted.owner.id}").text


# --- over HTTP ---


def test_the_cookie_of_one_house_is_nothing_in_another(world, house_routes, pair):
    ours, theirs = pair
    browser = theirs.visitor()
    name, wrong = world.doors.house.config["SESSION_COOKIE_NAME"], []
    for route in house_routes:
        for role in ("admin", "visitor"):
            browser.client.set_cookie(name, cookie_of(ours.visitor(role), world.doors.house), domain=theirs.tenant.host)
            answer = browser.open(route.method, route.path(theirs.argument))
            if leaks(answer, ours.canary) or (is_guarded(world, route) and answer.status_code not in NOT_SIGNED_IN):
                wrong.append(told(route, answer))
    assert wrong == []


def is_guarded(world, route: Route) -> bool:
    return access_of(world.doors.house.view_functions[route.endpoint], route.method).kind is not AccessKind.PUBLIC


def test_the_token_of_one_house_is_nothing_in_another(house_routes, pair):
    ours, theirs = pair
    stranger, wrong = theirs.caller(), []
    stranger.token = ours.caller().token
    for route in house_routes:
        path = route.path(ours.argument)
        if route.is_api:
            answer = stranger.open(route.method, path.removeprefix("/api/v1"))
        else:
            answer = theirs.visitor().open(route.method, path, headers={"Authorization": f"Bearer {stranger.token}"})
        if leaks(answer, ours.canary) or (route.is_api and answer.status_code not in {200, 401}):
            wrong.append(told(route, answer))
    assert wrong == []


def test_ids_and_links_of_one_house_name_nothing_in_another(house_routes, pair, superuser):
    ours, theirs = pair
    before, wrong = contents(superuser, ours), []
    for route, answer in with_foreign_ids(house_routes, ours, theirs):
        if leaks(answer, ours.canary) or answer.status_code not in NO_SUCH_THING:
            wrong.append(told(route, answer))
    assert wrong == []
    assert contents(superuser, ours) == before


def with_foreign_ids(house_routes, ours: Home, theirs: Home) -> Iterator[tuple[Route, object]]:
    """Every address that names something, with what it names in the other house, asked for by an administrator here."""
    browser, caller = theirs.visitor("admin"), theirs.caller()
    form_token = browser.token("/me/profile")
    for route in filter(names_something, house_routes):
        path = route.path(ours.argument)
        if route.is_api:
            yield route, caller.open(route.method, path.removeprefix("/api/v1"), json={}, headers={"If-Match": '"x"'})
        else:
            yield route, browser.open(route.method, path, headers={"X-CSRFToken": form_token})


def test_ids_in_forms_and_queries_of_one_house_do_nothing_in_another(pair, superuser):
    ours, theirs = pair
    person, role = ours.planted.owner.id, ours.planted.row("accounts_role")
    before, browser = contents(superuser, ours), theirs.visitor("admin")
    sent = {
        "/admin/people/bulk/suspend": {"ids": person},
        "/admin/people/bulk/invite": {"ids": person},
        f"/admin/people/{theirs.people['member'].id}/roles": {"roles": role},
        "/admin/files/delete": {"ids": ours.planted.row("files_file")},
        "/admin/messages/addresses/unblock": {"ids": ours.planted.row("messaging_blocked_address")},
        "/me/security/sessions/end": {"session": ours.planted.row("accounts_session")},
    }
    for path, form in sent.items():
        answer = browser.post(path, form, page="/me/profile", follow_redirects=True)
        assert answer.status_code in {200, 404, 422}, path
        assert not leaks(answer, ours.canary), path
    assert not leaks(browser.get(f"/admin/roles/new?from={role}"), ours.canary)
    assert contents(superuser, ours) == before


def test_an_administrators_own_pages_show_nothing_of_another_house(house_routes, pair):
    ours, theirs = pair
    browser, caller = theirs.visitor("admin"), theirs.caller()
    for route in house_routes:
        if route.method == "GET":
            path = route.path(theirs.argument)
            answer = caller.get(path.removeprefix("/api/v1")) if route.is_api else browser.get(path)
            assert not leaks(answer, ours.canary), told(route, answer)
            assert answer.status_code < 500, told(route, answer)
    for query in (ours.canary, ours.planted.owner.email, "kanari"):
        for path in (
            "/-/search?q={}",
            "/admin/people?q={}",
            "/admin/files?q={}",
            "/admin/audit?q={}",
            "/admin/messages?q={}",
        ):
            answer = browser.get(path.format(query))
            # What was searched for stands in the field and in links; rows of the other house would bring its address.
            assert f"{ours.canary} wang" not in answer.text.lower(), path


def test_a_cursor_and_an_idempotency_key_belong_to_one_house(pair):
    ours, theirs = pair
    cursor = ours.caller().get("/people?limit=1").json["next_cursor"]
    assert ours.caller().get(f"/people?cursor={cursor}").status_code == 200
    assert theirs.caller().get(f"/people?cursor={cursor}").status_code == 422
    body, key = {"name": "Li Na", "email": f"li@{uuid7().hex}.example"}, {"Idempotency-Key": token()}
    answers = [home.caller().post("/people", body, headers=key) for home in (ours, theirs)]
    assert [a.status_code for a in answers] == [201, 201]
    assert "Idempotency-Replayed" not in answers[1].headers
    assert answers[0].json["id"] != answers[1].json["id"]


def test_an_etag_of_one_house_saves_no_way_in_another(pair):
    ours, theirs = pair
    etag = ours.caller().get(f"/people/{ours.planted.owner.id}").headers["ETag"]
    answer = theirs.caller().get(f"/people/{theirs.planted.owner.id}", headers={"If-None-Match": etag})
    assert answer.status_code == 200


def test_a_visit_to_one_house_is_none_to_another(world, pair):
    ours, theirs = pair
    browser = theirs.visitor()
    set_cookie(browser, world.doors.house, theirs.tenant, {"support": ours.secrets["visit"]})
    assert browser.get("/admin").status_code == 302
    assert ours.visitor("visitor").get("/admin").status_code == 200


# --- in the database ---


def test_the_database_refuses_another_associations_schema(world, pair):
    ours, theirs = pair
    refused = []
    for table in (*Base.metadata.tables, "alembic_version"):
        for statement in ("SELECT * FROM {}", "DELETE FROM {}", "LOCK TABLE {}", "TRUNCATE {}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), theirs_connection(world, theirs) as connection:
                connection.execute(statement.format(f'"{ours.tenant.scope.schema}"."{table}"'))
            refused.append(table)
    assert len(refused) > 50


def test_the_database_refuses_the_vendors_tables(world):
    from guildhall.core.db import PlatformBase

    for table in PlatformBase.metadata.tables.values():
        with pytest.raises(psycopg.errors.InsufficientPrivilege), theirs_connection(world, world.b) as connection:
            connection.execute(f"SELECT * FROM {table.fullname}")


def test_a_tenants_role_makes_nothing_and_cannot_change_tables(world):
    schema = world.b.tenant.scope.schema
    for statement in (
        "CREATE TABLE kept (id int)",
        f'CREATE TABLE "{schema}".kept (id int)',
        "CREATE TABLE extensions.kept (id int)",
        "CREATE TABLE public.kept (id int)",
        "CREATE SCHEMA kept",
        "DROP TABLE core_job",
        "ALTER TABLE core_audit_entry DISABLE TRIGGER ALL",
        "CREATE FUNCTION kept() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), theirs_connection(world, world.b) as connection:
            connection.execute(statement)


def theirs_connection(world, home: Home):
    """A connection in a transaction of the association, as the app opens it."""
    settings, scope = world.runtime.settings, home.tenant.scope
    connection = psycopg.connect(settings.database_url)
    connection.execute(f'SET LOCAL ROLE "{scope.role}"')
    connection.execute(f'SET LOCAL search_path = "{scope.schema}", extensions')
    return connection


def test_without_an_association_there_is_no_transaction(world):
    with pytest.raises(NoScopeError), world.runtime.db.engine.begin():
        pass
    with psycopg.connect(world.runtime.settings.database_url) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM core_job")
        connection.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f'SELECT * FROM "{world.a.tenant.scope.schema}".core_job')


def test_a_scope_without_a_role_does_not_reach_an_association(world):
    scope = Scope(world.a.tenant.scope.schema, None)
    with (
        pytest.raises(Exception, match=r"does not exist|permission denied"),
        world.runtime.db.connect(scope) as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM core_job")


def test_the_role_that_serves_requests_is_nobody_special(world, superuser):
    app = psycopg.conninfo.conninfo_to_dict(world.runtime.settings.database_url)["user"]
    powers = "rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, rolinherit"
    assert superuser.execute(f"SELECT {powers} FROM pg_roles WHERE rolname = %s", [app]).fetchone() == (False,) * 6
    owned = "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s"
    assert superuser.execute(owned, [app]).fetchone() == (0,)
    creates = (
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE') AND nspname NOT LIKE 'pg_%%'"
    )
    assert superuser.execute(creates, [app]).fetchall() == []
    assert superuser.execute(
        "SELECT has_database_privilege(%s, current_database(), 'CREATE, TEMP')", [app]
    ).fetchone() == (False,)
    members = (
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname = %s AND (inherit_option OR admin_option)"
    )
    assert superuser.execute(members, [app]).fetchone() == (0,)
