"""Everything that all tests share comes from the kit, so that other people's modules are tested the same way."""

import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = ["guildhall.server.testing"]

BROWSER_FOLDER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no Chromium, as the run then says; BROWSER_TESTS=required demands them."""
    if shutil.which("chromium") or os.environ.get("BROWSER_TESTS") == "required":
        return
    ours = [item for item in items if BROWSER_FOLDER in item.path.parents]
    config.hook.pytest_deselected(items=ours)
    items[:] = [item for item in items if item not in ours]
