"""`guildhall tenant`: associations, from the vendor's side."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from billing.plans import PLANS
from guildhall.console.onboarding import Order, onboard
from guildhall.core.errors import NotFound
from guildhall.core.i18n import LOCALES
from guildhall.core.module import Copying
from guildhall.server.cli import cli
from guildhall.server.process import Process
from tenants import domains, lifecycle, modules
from tenants.archive import Restoring, clone_tenant, export_tenant, restore_tenant
from tenants.events import history
from tenants.models import TenantStatus
from tenants.provisioning import TEMPLATES
from tenants.purge import purge_tenant
from tenants.registry import Tenant

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
reason_option = click.option("--reason", required=True, help="Kept in the association's history.")


@cli.group()
def tenant() -> None:
    """Associations: onboard, move, suspend, export, restore, purge."""


@contextmanager
def opened() -> Iterator[Process]:
    """A process that puts its connections away."""
    process = Process.from_environ()
    try:
        yield process
    finally:
        process.close()


def find(process: Process, slug: str) -> Tenant:
    found = process.tenants.by_slug(slug)
    if found is None:
        raise NotFound
    return found


def show(values: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    width = max(map(len, values))
    for key, value in values.items():
        click.echo(f"{key:<{width}}  {', '.join(map(str, value)) if isinstance(value, list) else value}")


@tenant.command()
@click.option("--name", required=True)
@click.option("--slug", required=True, help="First label of its address.")
@click.option("--admin-email", required=True, help="Who is invited to be its first administrator.")
@click.option("--admin-name", default="")
@click.option("--locale", type=click.Choice(list(LOCALES)), default="zh_Hans", show_default=True)
@click.option("--plan", type=click.Choice(list(PLANS)), default="trial", show_default=True)
@click.option("--modules", "names", default="", help="Comma-separated; without it, those of its kind.")
@click.option("--template", type=click.Choice(TEMPLATES), default="chamber", show_default=True)
@json_option
def create(names: str, as_json: bool, **fields: str) -> None:
    """Onboard an association: its house answers before this returns, and its administrator is invited by mail."""
    with opened() as process:
        wanted = tuple(name.strip() for name in names.split(",") if name.strip())
        done = onboard(process.runtime, process.tenants, Order(modules=wanted, **fields))
    values = {
        "id": str(done.tenant.id),
        "slug": done.tenant.slug,
        "url": done.tenant.url(),
        "invitation_url": done.invitation_url,
        "schema": done.tenant.scope.schema,
        "elapsed_ms": round(done.elapsed_ms, 1),
    }
    show(values, as_json)


@tenant.command("list")
@click.option("--status", type=click.Choice([status.value for status in TenantStatus]))
@json_option
def list_(status: str | None, as_json: bool) -> None:
    """All associations that are not purged, oldest first."""
    with opened() as process:
        found = list(process.tenants.all(*([TenantStatus(status)] if status else [])))
    if as_json:
        click.echo(json.dumps([described(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.slug:<40}  {one.status:<9}  {one.plan:<9}  {one.name}")


def described(one: Tenant) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "slug": one.slug,
        "name": one.name,
        "status": one.status.value,
        "plan": one.plan,
        "url": one.url(),
        "schema": one.scope.schema,
        "modules": sorted(one.modules),
        "revisions": [f"{branch}:{revision}" for branch, revision in one.revisions],
    }


@tenant.command("show")
@click.argument("slug")
@json_option
def show_(slug: str, as_json: bool) -> None:
    """One association, and what happened to it."""
    with opened() as process:
        one = find(process, slug)
        with process.runtime.db.begin(process.runtime.platform) as session:
            events = [f"{e.at:%Y-%m-%d %H:%M} {e.kind} {e.reason}".strip() for e in session.scalars(history(one.id))]
    show(described(one) | {"history": events}, as_json)


def step_command(name: str, act: Callable[..., Tenant], help_: str) -> None:
    """Add a command that takes an association one step on in its life."""

    @tenant.command(name, help=help_)
    @click.argument("slug")
    @reason_option
    def run(slug: str, reason: str) -> None:
        with opened() as process:
            changed = act(process.runtime, process.tenants, find(process, slug), reason)
        click.echo(f"{changed.slug}: {changed.status}")


step_command("activate", lifecycle.activate, "Turn a trial into a subscription.")
step_command("past-due", lifecycle.mark_past_due, "Note that the subscription is not paid; the house stays open.")
step_command("suspend", lifecycle.suspend, "Close the house for now: it shows a notice, and keeps its data.")
step_command("resume", lifecycle.resume, "Open a suspended or closed house again.")
step_command("close", lifecycle.close, "End the subscription; the data stays until it is purged.")


@tenant.command("slug")
@click.argument("slug")
@click.argument("new_slug")
def change_slug(slug: str, new_slug: str) -> None:
    """Give an association another address; the former one leads to it."""
    with opened() as process:
        changed = domains.change_slug(process.runtime, process.tenants, find(process, slug), new_slug)
    click.echo(changed.url())


@tenant.command()
@click.argument("act", type=click.Choice(["add", "verify", "primary", "remove"]))
@click.argument("slug")
@click.argument("name")
def domain(act: str, slug: str, name: str) -> None:
    """Domains of an association's own: add one, verify its DNS records, make it the main address, remove it."""
    with opened() as process:
        one = find(process, slug)
        context = (process.runtime, process.tenants, one)
        host = domains.add_domain(*context, name) if act == "add" else domains.find_domain(process.runtime, one, name)
        acts: dict[str, Callable[..., Tenant]] = {
            "verify": domains.verify_domain,
            "primary": domains.make_primary,
            "remove": domains.remove_domain,
        }
        changed = acts[act](*context, host.id) if act in acts else one
        records = domains.records(process.runtime, host)
    if act == "add":
        click.echo("Set these DNS records, then verify:")
        for record in records:
            click.echo(f"  {record.name}  {record.kind}  {record.value}")
    else:
        click.echo(changed.url())


@tenant.command("modules")
@click.argument("slug")
@click.option("--on", multiple=True, help="A module to switch on, with all that it needs.")
@click.option("--off", multiple=True, help="A module to switch off; its data stays.")
def switch(slug: str, on: tuple[str, ...], off: tuple[str, ...]) -> None:
    """Switch modules of an association; prints those that are on."""
    with opened() as process:
        one = find(process, slug)
        for name in off:
            one = modules.switch_off(process.runtime, process.tenants, one, name)
        for name in on:
            one = modules.switch_on(process.runtime, process.tenants, one, name)
    click.echo(" ".join(sorted(one.modules)))


@tenant.command()
@click.argument("slug")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(slug: str, path: Path) -> None:
    """Write an association into one ZIP file: rows as CSV, files, and a manifest with checksums."""
    with opened() as process:
        manifest = export_tenant(process.runtime, find(process, slug).id, path)
    rows, files = sum(manifest.tables.values()), sum(name.startswith("files/") for name in manifest.parts)
    click.echo(f"{path}: {rows} rows of {len(manifest.tables)} tables, {files} files, {path.stat().st_size} bytes")


@tenant.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", required=True, help="Address of the restored association.")
@click.option("--name", default="", help="Another name for it.")
@click.option("--beside", is_flag=True, help="The original still lives: leave its jobs, keys and connections to it.")
def restore(path: Path, slug: str, name: str, beside: bool) -> None:
    """Make a new association from an archive, of this or of another installation."""
    with opened() as process:
        wanted = Restoring(slug=slug, name=name, copying=Copying.CLONED if beside else Copying.RESTORED)
        restored = restore_tenant(process.runtime, process.tenants, path, wanted)
    click.echo(f"{restored.url()} ({restored.status})")


@tenant.command()
@click.argument("slug")
@click.option("--slug", "new_slug", required=True, help="Address of the copy.")
@click.option("--name", default="", help="Another name for it.")
def clone(slug: str, new_slug: str, name: str) -> None:
    """Copy an association. Jobs that wait, API tokens, webhooks and invitations stay with the original."""
    with opened() as process:
        wanted = Restoring(slug=new_slug, name=name)
        copy = clone_tenant(process.runtime, process.tenants, find(process, slug).id, wanted)
    click.echo(copy.url())


@tenant.command()
@click.argument("slug")
@click.option("--confirm", required=True, help="The slug, typed out.")
def purge(slug: str, confirm: str) -> None:
    """Remove a closed association for good: schema, files, names. It must have been exported within the last day."""
    with opened() as process:
        purge_tenant(process.runtime, process.tenants, find(process, slug).id, confirm)
    click.echo(f"{slug} is gone.")
