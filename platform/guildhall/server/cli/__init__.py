"""The command line: `guildhall …`."""

import sys

import click

from guildhall.core.errors import DomainError
from guildhall.core.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


# Each file adds its commands to `cli`.
from guildhall.server.cli import (  # noqa: E402, F401
    bootstrap,
    demo,
    doctor,
    migrate,
    module,
    revision,
    serve,
    staff,
    tenant,
    token,
)
