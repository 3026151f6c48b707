"""`guildhall staff`: the vendor's own people."""

import click

from guildhall.console.models import StaffRole
from guildhall.console.staff import invite
from guildhall.server.cli import cli
from guildhall.server.process import Process


@cli.group()
def staff() -> None:
    """The vendor's staff."""


@staff.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in StaffRole]), default=StaffRole.OWNER.value)
def create(email: str, name: str, role: str) -> None:
    """Invite somebody: prints the link by which they choose a password. It works once, for three days."""
    process = Process.from_environ()
    runtime = process.runtime
    with runtime.db.begin(runtime.platform) as session:
        _staff, secret = invite(session, email, name, StaffRole(role))
    click.echo(runtime.settings.url_of(f"console.{runtime.settings.base_host}", f"/set-up/{secret}"))
