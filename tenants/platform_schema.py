"""Bringing the vendor's own schema up to date."""

from sqlalchemy import Connection

from guildhall.core.db.migrations import VERSION_TABLE_SQL, Scripts
from guildhall.core.runtime import Runtime
from tenants.schemas import PLATFORM_OWNER, execute_all, stamp

# One at a time: two deployments that start together must not both create the first table.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('guildhall.platform.migrate'))"


def migrate_platform(runtime: Runtime) -> list[str]:
    """Apply what is missing, in one transaction; returns the revisions applied."""
    scripts = Scripts.platform()
    with runtime.owner_db.connect(PLATFORM_OWNER) as connection:
        connection.exec_driver_sql(_LOCK)
        standing = _standing(connection, scripts)
        steps = [step for branch in scripts.branches for step in scripts.steps(branch, standing.get(branch))]
        for step in steps:
            execute_all(connection, [*step.statements, stamp(step)])
    return [step.revision for step in steps]


def _standing(connection: Connection, scripts: Scripts) -> dict[str, str]:
    exists = connection.exec_driver_sql("SELECT to_regclass('platform.alembic_version')").scalar()
    if exists is None:
        connection.exec_driver_sql(VERSION_TABLE_SQL)
        return {}
    found = set(connection.exec_driver_sql("SELECT version_num FROM platform.alembic_version").scalars())
    return {branch: s.revision for branch in scripts.branches for s in scripts.revisions(branch) if s.revision in found}
