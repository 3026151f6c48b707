"""The compiled way equals Alembic's; models equal migrations; every migration can be taken back."""

import pytest

from guildhall.core.db import Base, PlatformBase
from guildhall.core.db.migrations import Scripts
from guildhall.core.db.revisions import differences
from guildhall.core.house import PLATFORM_SCOPE, Scope
from tenants import schemas
from tests.tenants.conftest import schema_dump


@pytest.fixture
def scratch(process, superuser):
    """An empty schema of the owner's; gone after the test."""
    scope = Scope("scratch", None)
    with process.runtime.owner_db.connect(PLATFORM_SCOPE) as connection:
        connection.exec_driver_sql("CREATE SCHEMA scratch")
    yield scope
    superuser.execute("DROP SCHEMA scratch CASCADE")


def lay_out(process, scope):
    scripts = schemas.scripts(process.runtime)
    with process.runtime.owner_db.connect(scope) as connection:
        for branch in scripts.branches:
            scripts.upgrade(connection, branch)
    return scripts


def test_a_schema_built_by_compiled_steps_equals_alembics(process, tenant, scratch, superuser):
    lay_out(process, scratch)
    ours, alembics = schema_dump(superuser, tenant.scope.schema), schema_dump(superuser, "scratch")
    for dump in (ours, alembics):
        dump["privileges"] = [table for table, _ in dump["privileges"]]
        for kind, rows in dump.items():
            dump[kind] = [row for row in rows if "alembic_version" not in str(row)]
    assert ours == alembics
    assert len(ours["columns"]) > 100


def test_the_models_equal_the_migrations(process, scratch):
    lay_out(process, scratch)
    tables = {model.__tablename__ for module in process.runtime.registry.modules for model in module.models}
    tables |= {name for name in Base.metadata.tables if name.startswith("core_")}
    with process.runtime.owner_db.connect(scratch) as connection:
        assert differences(connection, Base.metadata, tables) == []


def test_the_platforms_models_equal_its_migrations(process):
    tables = {table.name for table in PlatformBase.metadata.tables.values()}
    with process.runtime.owner_db.connect(PLATFORM_SCOPE) as connection:
        assert differences(connection, PlatformBase.metadata, tables) == []


def test_every_migration_can_be_taken_back(process, scratch, superuser):
    scripts = lay_out(process, scratch)
    with process.runtime.owner_db.connect(scratch) as connection:
        for branch in reversed(scripts.branches):
            scripts.downgrade(connection, branch)
    left = superuser.execute("SELECT relname FROM pg_class WHERE relnamespace = 'scratch'::regnamespace").fetchall()
    assert left == []


def test_the_platforms_migrations_can_be_taken_back(process, superuser):
    """In a transaction that is not kept."""
    scripts = Scripts.platform()
    with process.runtime.owner_db.engine.execution_options(scope=PLATFORM_SCOPE).connect() as connection:
        for branch in reversed(scripts.branches):
            scripts.downgrade(connection, branch)
        left = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'platform'::regnamespace "
            "AND relkind = 'r' AND relname <> 'alembic_version'"
        ).all()
        connection.rollback()
    assert left == []


def test_branches_know_no_table_of_modules_they_do_not_require(process):
    """Each branch is applied on its own to a schema that has only what its module requires."""
    registry = process.runtime.registry
    for module in registry.modules:
        closure = [other for other in registry.modules if other.name in required(registry, module)]
        scripts = Scripts.of([*closure, module])
        connection_scope = Scope(f"alone_{module.name}", None)
        with process.runtime.owner_db.engine.execution_options(scope=connection_scope).connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {connection_scope.schema}")
            for branch in scripts.branches:
                scripts.upgrade(connection, branch)
            connection.rollback()


def required(registry, module):
    found, stack = set(), list(module.requires)
    while stack:
        name = stack.pop()
        found.add(name)
        stack += registry.by_name[name].requires
    return found
