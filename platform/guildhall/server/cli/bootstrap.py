"""`guildhall bootstrap`: what a database cluster needs before the first migration."""

import os

import click
from psycopg.conninfo import conninfo_to_dict

from guildhall.core.db.bootstrap import Login, bootstrap
from guildhall.core.settings import Settings
from guildhall.server.cli import cli


@cli.command("bootstrap")
@click.option("--superuser-url", required=True, help="postgresql://… of a superuser, used for this command alone.")
def bootstrap_command(superuser_url: str) -> None:
    """Make the two roles, the database, its schemas and extensions that the environment's addresses name.

    What is already right is left as it is, so the command can be repeated after an upgrade.
    """
    settings = Settings.from_environ(os.environ)
    app, owner = (conninfo_to_dict(url) for url in (settings.database_url, settings.owner_database_url))
    if not owner or app["dbname"] != owner["dbname"]:
        raise click.UsageError("GUILDHALL_OWNER_DATABASE_URL must name the same database as GUILDHALL_DATABASE_URL.")
    logins = (Login(str(each["user"]), str(each["password"])) for each in (app, owner))
    bootstrap(superuser_url, str(app["dbname"]), *logins)
    click.echo(f"Database {app['dbname']} is ready for `guildhall migrate`.")
