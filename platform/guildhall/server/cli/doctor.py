"""`guildhall doctor`: what is wrong, and what to do about it."""

import json
import os

import click

from guildhall.core.registry import ContractError
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings, SettingsError
from guildhall.server.checks import EVERYTHING, Level, Result, house_checks, run_checks
from guildhall.server.cli import cli
from guildhall.server.process import Process

MARKS = {Level.GOOD: ("✓", "green"), Level.DOUBTFUL: ("!", "yellow"), Level.WRONG: ("✗", "red")}


@cli.command()
@click.option("--tenant", metavar="SLUG", help="Also ask the modules of this association.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects for programs.")
def doctor(tenant: str | None, *, as_json: bool) -> None:
    """Look whether everything that Guildhall needs is there, and say what to do where it is not.

    The exit code is 1 if anything is wrong; what is only doubtful leaves it at 0.
    """
    results = _examine(tenant)
    if as_json:
        click.echo(json.dumps([result.as_json() for result in results], ensure_ascii=False, indent=2))
    else:
        for result in results:
            click.echo(_line(result))
    if any(result.level is Level.WRONG for result in results):
        raise click.exceptions.Exit(1)


def _examine(tenant: str | None) -> list[Result]:
    try:
        settings = Settings.from_environ(os.environ)
    except SettingsError as error:
        return [Result("settings", Level.WRONG, problem, "mend the environment") for problem in error.problems]
    try:
        process = Process(Runtime.build(settings))
    except ContractError as error:
        return [Result("modules", Level.WRONG, problem, "mend or remove the module") for problem in error.problems]
    try:
        modules = ", ".join(process.runtime.registry.by_name) or "none"
        started = [Result("settings", Level.GOOD, f"{settings.mode} mode"), Result("modules", Level.GOOD, modules)]
        return [*started, *run_checks(process.runtime, EVERYTHING), *_examine_house(process, tenant)]
    finally:
        process.close()


def _examine_house(process: Process, slug: str | None) -> list[Result]:
    if slug is None:
        return []
    house = process.tenants.by_slug(slug)
    if house is None:
        raise click.UsageError(f"There is no association {slug}.")
    return run_checks(process.runtime, house_checks(house, process.runtime.db))


def _line(result: Result) -> str:
    mark, colour = MARKS[result.level]
    remedy = f" → {result.remedy}" if result.remedy else ""
    return f"{click.style(mark, fg=colour)} {result.name}: {result.found}{remedy}"
