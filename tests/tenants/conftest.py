"""What the tests of this floor share: looking at the database from outside, as its superuser."""

import hashlib
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from guildhall.core.jobs.models import JobRow
from guildhall.server.local.stack import DATABASE, LocalStack


@pytest.fixture(scope="session")
def superuser(stack: LocalStack) -> Iterator[psycopg.Connection]:
    with psycopg.connect(stack.postgres.url(database=DATABASE), autocommit=True) as connection:
        yield connection


@pytest.fixture
def inventory(superuser) -> Callable[[], dict[str, int]]:
    """How many of everything that onboarding makes there are."""

    def count() -> dict[str, int]:
        row = superuser.execute(
            "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%'),"
            "(SELECT count(*) FROM pg_roles WHERE rolname LIKE 't\\_%'),"
            "(SELECT count(*) FROM platform.tenant), (SELECT count(*) FROM platform.tenant_event),"
            "(SELECT count(*) FROM platform.spare_schema), (SELECT count(*) FROM platform.core_job)"
        ).fetchone()
        return dict(zip(("schemas", "roles", "tenants", "events", "spares", "jobs"), row, strict=True))

    return count


@pytest.fixture
def row_hashes(superuser) -> Callable[..., dict[str, str]]:
    """Table → hash over all its rows, of one schema."""
    return lambda schema, connection=superuser: hashes(connection, schema)


def hashes(connection: psycopg.Connection, schema: str) -> dict[str, str]:
    found = {}
    names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema]).fetchall()
    for (name,) in names:
        rows = connection.execute(
            sql.SQL("SELECT t::text FROM {}.{} t ORDER BY 1").format(*map(sql.Identifier, (schema, name)))
        )
        found[name] = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()
    return found


def schema_dump(connection: psycopg.Connection, schema: str) -> dict[str, list[tuple]]:
    """Columns, constraints, indexes, triggers and privileges of a schema, without its name."""
    dump = {kind: connection.execute(query, [schema]).fetchall() for kind, query in DUMP.items()}
    return {kind: [tuple(str(v).replace(schema, "S") for v in row) for row in rows] for kind, rows in dump.items()}


DUMP = {
    "columns": "SELECT table_name, ordinal_position, column_name, data_type, udt_name, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, 2",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = %s::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s ORDER BY 1, 2",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND c.relnamespace = %s::regnamespace ORDER BY 1, 2",
    "privileges": "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = %s::regnamespace "
    "AND relkind = 'r' ORDER BY 1",
}


@pytest.fixture
def plant(process) -> Callable[..., None]:
    """Rows, files and cache entries with a canary in an association."""

    def planted(tenant, canary: str) -> None:
        from io import BytesIO

        from guildhall.core import audit
        from guildhall.core.storage import key_of

        runtime = process.runtime
        key = key_of(tenant.id, "files", "canary.txt")
        runtime.storage.put(key, BytesIO(canary.encode()), "text/plain")
        runtime.redis.set(f"guildhall:cache:{tenant.id}:canary", canary)
        with runtime.db.begin(tenant) as session:
            awkward = {"text": f'{canary},"quoted"\nline\t\\N \\. {key}', "empty": "", "none": None}
            session.add(JobRow(name="core.sweep_finished", payload=awkward, error=""))
            audit.record(session, "test.planted", label=f"{canary} {key}", changes={"key": [None, key]})

    return planted
