"""`guildhall revision`: write the migration that the models ask for."""

import tempfile
from pathlib import Path

import click

from guildhall.core import audit, config
from guildhall.core.api import idempotency
from guildhall.core.db import Base, Database, PlatformBase
from guildhall.core.db.migrations import CORE, PLATFORM, Scripts, folder_of
from guildhall.core.db.revisions import write_revision
from guildhall.core.house import PLATFORM_SCOPE, Scope
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.core.webhooks import models as webhooks
from guildhall.server.cli import cli
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack

CORE_MODELS = (
    audit.AuditEntry,
    config.SettingValue,
    idempotency.IdempotencyKey,
    webhooks.WebhookEndpoint,
)  # named, so that they are imported and known to the metadata


@cli.command()
@click.argument("branch")
@click.option("-m", "--message", required=True, help="What changes, in a few words.")
def revision(branch: str, message: str) -> None:
    """Write a revision for BRANCH: a module's name, core or platform.

    An embedded PostgreSQL is brought to the newest revision and compared with the models; what differs is written into
    the branch's folder, to be read and mended by you. Expand first, contract in a later release.
    """
    registry = Registry.load()
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder), fsync=False) as stack:
        runtime = Runtime.build(Settings.from_environ(stack.environment), registry)
        prepare(stack, runtime)
        written = _write(runtime.owner_db, registry, branch, message)
        runtime.close()
    click.echo(f"{written}" if written else "Models and migrations agree; nothing was written.")


def _write(db: Database, registry: Registry, branch: str, message: str) -> Path | None:
    if branch == PLATFORM:
        tables = {table.name for table in PlatformBase.metadata.tables.values()}
        with db.connect(PLATFORM_SCOPE) as connection:
            return write_revision(
                connection, PlatformBase.metadata, tables, Scripts.platform(), folder_of(branch), branch, message
            )
    return _write_in_scratch(db, registry, branch, message)


def _branch(registry: Registry, branch: str) -> tuple[Path, set[str]]:
    if branch == CORE:
        return folder_of(CORE), {name for name in Base.metadata.tables if name.startswith("core_")}
    module = registry.by_name.get(branch)
    if module is None or module.migrations is None:
        raise click.UsageError(f"There is no module {branch} with migrations.")
    return module.migrations, {model.__tablename__ for model in module.models}


def _write_in_scratch(db: Database, registry: Registry, branch: str, message: str) -> Path | None:
    """Tables of a module may refer to those of modules that it requires, so all branches are laid out."""
    folder, tables = _branch(registry, branch)
    scripts = Scripts.of(registry.modules)
    scope = Scope("scratch", None)
    with db.connect(scope) as connection:
        connection.exec_driver_sql("CREATE SCHEMA scratch")
        for other in scripts.branches:
            scripts.upgrade(connection, other)
        return write_revision(connection, Base.metadata, tables, scripts, folder, branch, message)
