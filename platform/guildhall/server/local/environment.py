"""Where a running stack tells other commands how to reach it. Quick to import: every command looks here."""

import json
import os
from pathlib import Path
from typing import Any

from guildhall.server.local.postgres import EmbeddedPostgres


def running_environment(folder: Path) -> dict[str, str] | None:
    """The environment of the stack that a process runs on `folder` now, for commands beside it; None if none does."""
    try:
        environment: dict[str, str] = json.loads(environment_file(folder.resolve()).read_text())
    except FileNotFoundError:
        return None
    return environment if EmbeddedPostgres(folder / "postgres").in_use() else None


def environment_file(folder: Path) -> Path:
    """Exists while a stack runs on `folder`, unless it was killed."""
    return folder / "environment.json"


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Readable by this user alone from its first byte."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
        json.dump(content, file, indent=2)
