"""`guildhall token`: keys for other systems."""

import json
from datetime import timedelta

import click

from guildhall.server.cli import cli
from guildhall.server.process import Process
from modules.accounts.public import find_by_address
from modules.integrations.public import create_token


@cli.group()
def token() -> None:
    """API tokens of an association."""


@token.command("create")
@click.option("--tenant", "slug", required=True, help="The association's slug.")
@click.option("--email", required=True, help="The person whom the token acts for.")
@click.option("--scopes", required=True, help="Permission codes, separated by commas.")
@click.option("--name", default="Command line", show_default=True)
@click.option("--expires-days", type=click.IntRange(min=1), help="Without it the token is valid until revoked.")
@click.option("--json", "as_json", is_flag=True)
def create(slug: str, email: str, scopes: str, name: str, expires_days: int | None, *, as_json: bool) -> None:
    """Print a new API token. It may do what both its scopes and its person may."""
    process = Process.from_environ()
    house = process.tenants.by_slug(slug)
    if house is None:
        raise click.UsageError(f"There is no association {slug}.")
    codes = [code.strip() for code in scopes.split(",") if code.strip()]
    lifetime = timedelta(days=expires_days) if expires_days else None
    with process.runtime.db.begin(house) as session:
        person = find_by_address(session, email.strip().lower())
        if person is None:
            raise click.UsageError(f"{slug} has no person with the address {email}.")
        row, secret = create_token(session, person.id, name, codes, expires_in=lifetime)
    made = {
        "id": str(row.id),
        "token": secret,
        "scopes": row.scopes,
        "expires_at": row.expires_at and row.expires_at.isoformat(),
    }
    click.echo(json.dumps(made) if as_json else secret)
