"""`guildhall demo`: the product on the embedded stack, with data, in one command."""

import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from guildhall.core.observability.logs import configure_logging
from guildhall.core.settings import Settings
from guildhall.server.cli import cli
from guildhall.server.local import supervisor
from guildhall.server.local.daemon import AlreadyRunningError
from guildhall.server.local.ports import free_port
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import DEMO_PORTS, LocalStack
from guildhall.server.process import Process

FOLDER = Path(".local/demo")


@cli.command()
@click.option("--port", default=8000, show_default=True, help="Where it answers; another is taken if this one is busy.")
@click.option("--fresh", is_flag=True, help="Throw away what an earlier run left.")
def demo(port: int, *, fresh: bool) -> None:
    """Run the product with three invented associations. Ctrl-C stops everything; the data stays for the next time."""
    console = Console(stderr=True)
    port = free_port(port)
    with _stack(fresh=fresh) as stack:
        environment = _environment(stack, port)
        os.environ.update(environment)
        _make_ready(stack, console)
        code = supervisor.run(_processes(port, environment), on_ready=lambda: _tell_doors(stack, port, console))
    sys.exit(code)


def _stack(*, fresh: bool) -> LocalStack:
    try:
        return LocalStack(FOLDER, fresh=fresh, ports=DEMO_PORTS)
    except AlreadyRunningError as error:
        raise click.ClickException(str(error)) from error


def _environment(stack: LocalStack, port: int) -> dict[str, str]:
    return {
        **stack.environment,
        "GUILDHALL_MODE": "demo",
        "GUILDHALL_BASE_URL": f"http://localhost:{port}",
        "GUILDHALL_LOG_FORMAT": "console",
        "GUILDHALL_LOG_LEVEL": "WARNING",
    }


def _make_ready(stack: LocalStack, console: Console) -> None:
    """Everything that must stand before the first page: schemas, associations, spares."""
    from guildhall.server.demo.plant import steps
    from tenants.fleet import migrate_fleet
    from tenants.spares import replenish

    settings = Settings.from_environ(os.environ)
    configure_logging(settings)
    process = Process.of(settings)
    prepare(stack, process.runtime)
    migrate_fleet(process.runtime)
    planting = list(steps(process))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not planting) as progress:
        task = progress.add_task("Planting the demonstration", total=len(planting) + 1)
        for step in planting:
            progress.update(task, description=step.label)
            step.plant()
            progress.advance(task)
        replenish(process.runtime)
        progress.update(task, advance=1, description="Ready")
    process.close()


def _processes(port: int, environment: dict[str, str]) -> list[supervisor.ProcessSpec]:
    guildhall = [sys.executable, "-m", "guildhall.server.cli"]
    env = {**os.environ, **environment}
    ready = supervisor.http_ready(f"http://localhost:{port}/-/health")
    return [
        supervisor.ProcessSpec("web", [*guildhall, "web", "--port", str(port)], env, ready),
        supervisor.ProcessSpec("relay", [*guildhall, "relay"], env),
        supervisor.ProcessSpec("worker", [*guildhall, "worker"], env),
    ]


def _tell_doors(stack: LocalStack, port: int, console: Console) -> None:
    doors = (
        ("Start here", f"http://localhost:{port}"),
        ("Console", f"http://console.localhost:{port}"),
        ("Mailbox", stack.mail.web_url),
        ("Stripe simulator", stack.stripe.url),
    )
    console.print()
    for name, address in doors:
        console.print(f"  [bold]{name:<18}[/bold] [link={address}]{address}[/link]")
    console.print("\n  Ctrl-C stops everything.\n")
