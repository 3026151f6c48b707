"""`guildhall module`: which modules are installed, and how to begin one."""

import json
from pathlib import Path
from typing import Any

import click

from guildhall.core.module import Module
from guildhall.core.registry import Registry
from guildhall.server.cli import cli
from guildhall.server.generator import NewModule, write_module


@cli.group()
def module() -> None:
    """Modules: those that are installed, and a new one."""


@module.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects for programs.")
def list_modules(*, as_json: bool) -> None:
    """Installed modules, each after those it requires."""
    rows = [_row(one) for one in Registry.load().modules]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['version']:<8}  {_remarks(row)}".rstrip())


@module.command("new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to write it.  [default: ./guildhall-NAME]")
@click.option("--label", help="What people call it, in English.  [default: the name]")
@click.option("--label-zh", help="What people call it, in Chinese.  [default: the English label]")
def new(name: str, folder: Path | None, label: str | None, label_zh: str | None) -> None:
    """Write a working module NAME, as an installable project of its own: members make suggestions, the secretariat
    answers. Change it into what you need.
    """
    english = label or name.replace("_", " ").capitalize()
    wanted = NewModule(name, english, label_zh or english)
    target = folder or Path(wanted.distribution)
    written = write_module(wanted, target, Registry.load())
    click.echo(f"{len(written)} files in {target}. Go on there:")
    click.echo("  pip install --editable .")
    click.echo("  pytest")
    if label_zh is None:
        click.echo(f"Its Chinese name is still “{english}”: say it in translations/zh_Hans.")


def _row(one: Module) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.version,
        "package": one.package,
        "always_on": one.always_on,
        "requires": list(one.requires),
        "tables": [model.__tablename__ for model in one.models],
    }


def _remarks(row: dict[str, Any]) -> str:
    """What else there is to say, in one line."""
    remarks = [_counted(len(row["tables"])), "always on" if row["always_on"] else ""]
    remarks.append(f"requires {', '.join(row['requires'])}" if row["requires"] else "")
    return " · ".join(filter(None, remarks))


def _counted(tables: int) -> str:
    return f"{tables} table{'s' if tables > 1 else ''}" if tables else ""
