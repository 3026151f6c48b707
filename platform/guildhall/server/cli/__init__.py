"""The command line: `guildhall …`."""

import sys
from importlib import import_module

import click

from guildhall.core.errors import DomainError
from guildhall.core.settings import SettingsError

# Command → the file that adds it. Only the one that is asked for is imported, so that a process starts quickly.
COMMANDS = {
    "bootstrap": "bootstrap",
    "demo": "demo",
    "doctor": "doctor",
    "migrate": "migrate",
    "module": "module",
    "relay": "serve",
    "revision": "revision",
    "staff": "staff",
    "tenant": "tenant",
    "token": "token",
    "web": "serve",
    "worker": "serve",
}


class Commands(click.Group):
    """The commands, each found in its file."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        return super().get_command(ctx, cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Guildhall: houses for chambers of commerce and industry associations."""


def main() -> None:
    """Entry point. What went wrong is said in one line, without a traceback, where it is the caller's to mend."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (DomainError, SettingsError) as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
