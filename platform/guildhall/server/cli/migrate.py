"""`guildhall migrate`: the vendor's schema, then every association's."""

import json
from dataclasses import asdict
from typing import Any

import click

from guildhall.server.cli import cli
from guildhall.server.process import Process
from tenants.fleet import FleetReport, migrate_fleet
from tenants.platform_schema import migrate_platform


@cli.command()
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 32), help="Connections to work over.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def migrate(workers: int, as_json: bool) -> None:
    """Bring all schemas to the newest revisions.

    Each association is migrated in a transaction of its own; start it again after an interruption. Associations that
    fail are listed, the others go on, and the command ends with 1.
    """
    runtime = Process.from_environ().runtime
    applied = migrate_platform(runtime)
    with click.progressbar(length=0, label="Associations", hidden=as_json) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        report = migrate_fleet(runtime, workers=workers, on_progress=show)
    click.echo(json.dumps(_as_json(applied, report)) if as_json else _as_text(applied, report))
    runtime.close()
    if report.failures:
        raise SystemExit(1)


def _as_json(applied: list[str], report: FleetReport) -> dict[str, Any]:
    return {"platform": applied, **asdict(report)}


def _as_text(applied: list[str], report: FleetReport) -> str:
    counts = f"{report.migrated} migrated, {report.skipped} current, {len(report.failures)} failed"
    lines = [
        f"platform: {', '.join(applied) or 'is current'}",
        f"associations: {counts}, {report.elapsed_seconds:.2f} s",
        *(f"  {failure.schema}: {failure.error}" for failure in report.failures),
    ]
    return "\n".join(lines)
