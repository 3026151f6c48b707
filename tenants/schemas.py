"""Building a tenant's schema: its role, its privileges, its tables, its stamp."""
# ruff: noqa: S608 - statements are put together from names that we made: ids in hexadecimal and revisions

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

import psycopg
from sqlalchemy import Connection

from guildhall.core.db.bootstrap import SHARED_TENANT_ROLE
from guildhall.core.db.migrations import VERSION_TABLE_SQL, Scripts, Step
from guildhall.core.house import Scope
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.core.settings import TenantRoles

PLATFORM_OWNER = Scope("platform", None)


class SchemaDamagedError(Exception):
    """A tenant's schema is not what the registry says; somebody has to look."""


def name_of(tenant_id: UUID) -> str:
    """A schema is named by its tenant's id, never by the slug: slugs change."""
    return f"t_{tenant_id.hex}"


def app_role(runtime: Runtime) -> str:
    """The login role that serves requests."""
    return psycopg.conninfo.conninfo_to_dict(runtime.settings.database_url)["user"]  # type: ignore[return-value]


def scripts(runtime: Runtime) -> Scripts:
    """The installed branches, read and compiled once a process."""
    return _scripts(runtime.registry)


@lru_cache(maxsize=8)
def _scripts(registry: Registry) -> Scripts:
    return Scripts.of(registry.modules)


def heads(registry: Registry) -> dict[str, str]:
    """Branch → newest revision: what an up-to-date schema carries."""
    return _scripts(registry).heads


def build(runtime: Runtime, connection: Connection, tenant_id: UUID) -> dict[str, str]:
    """Make and fill a schema in the owner's transaction; returns branch → revision.

    Privileges come by default privileges, set before the tables are made: granting afterwards costs 171 ms a tenant.
    """
    schema = name_of(tenant_id)
    newest = heads(runtime.registry)
    own_role = runtime.settings.tenant_roles is TenantRoles.OWN
    role = schema if own_role else SHARED_TENANT_ROLE
    statements = [
        *(_role_statements(role, app_role(runtime)) if own_role else ()),
        f'CREATE SCHEMA "{schema}"',
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "{role}"',
        f'SET LOCAL search_path = "{schema}", extensions',
        VERSION_TABLE_SQL,
        *(
            s
            for branch in scripts(runtime).branches
            for step in scripts(runtime).steps(branch)
            for s in step.statements
        ),
        *(f"INSERT INTO alembic_version VALUES ('{revision}')" for revision in newest.values()),
        "SET LOCAL search_path = platform, extensions",
    ]
    execute_all(connection, statements)
    return newest


def pending(runtime: Runtime, revisions: Mapping[str, str]) -> list[Step]:
    """What a schema at these revisions still lacks, in the order it is applied; branches that are new here included.

    Raises:
        LookupError: it stands at a revision that this version does not know.
    """
    known = scripts(runtime)
    return [step for branch in known.branches for step in known.steps(branch, revisions.get(branch))]


def upgrade(runtime: Runtime, connection: Connection, schema: str, revisions: Mapping[str, str]) -> dict[str, str]:
    """Bring a schema to the newest revisions in the owner's transaction; returns branch → revision.

    Raises:
        SchemaDamagedError: the schema is not there, or is stamped with other revisions than the registry has.
        LookupError: it stands at a revision that this version does not know.
    """
    steps = pending(runtime, revisions)
    _check_stamp(connection, schema, revisions)
    statements = [s for step in steps for s in (*step.statements, stamp(step))]
    enter, leave = f'SET LOCAL search_path = "{schema}", extensions', "SET LOCAL search_path = platform, extensions"
    execute_all(connection, [enter, *statements, leave])
    return {**revisions, **{step.branch: step.revision for step in steps}}


def stamp(step: Step) -> str:
    """The statement that notes in `alembic_version` that a step was done."""
    if step.down_revision is None:
        return f"INSERT INTO alembic_version VALUES ('{step.revision}')"
    return f"UPDATE alembic_version SET version_num = '{step.revision}' WHERE version_num = '{step.down_revision}'"


def _check_stamp(connection: Connection, schema: str, revisions: Mapping[str, str]) -> None:
    # Without its schema a tenant's tables would be made in the next one of the search path.
    if connection.exec_driver_sql("SELECT to_regclass(%s)", (f'"{schema}".alembic_version',)).scalar() is None:
        raise SchemaDamagedError(f"schema {schema} or its version table is missing")
    stamped = set(connection.exec_driver_sql(f'SELECT version_num FROM "{schema}".alembic_version').scalars())
    if stamped != set(revisions.values()):
        raise SchemaDamagedError(f"schema {schema} is stamped {sorted(stamped)}, not {sorted(revisions.values())}")


def _role_statements(role: str, app: str) -> tuple[str, ...]:
    return (
        f'CREATE ROLE "{role}" NOLOGIN NOINHERIT',
        # The app may take the role inside a transaction, and inherits nothing from it outside.
        f'GRANT "{role}" TO "{app}" WITH INHERIT FALSE, SET TRUE',
    )


def execute_all(connection: Connection, statements: list[str]) -> None:
    """Run statements one by one in one pipeline: as quick as one string, and Citus accepts it."""
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.pipeline():
        for statement in statements:
            driver.execute(statement.encode(), prepare=False)


def drop(connection: Connection, tenant_id: UUID) -> None:
    """Remove a schema with all that is in it, and its role."""
    schema = name_of(tenant_id)
    connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    exists = connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (schema,)).first()
    if exists:
        connection.exec_driver_sql(f'DROP ROLE "{schema}"')
