"""The audit log speaks in words."""

import ast
from pathlib import Path

import pytest

from guildhall.core.registry import Registry
from modules.secretariat.words import actions

ROOT = Path(__file__).parents[3]
SOURCES = [*(ROOT / "modules").rglob("*.py"), *(ROOT / "platform" / "guildhall" / "core").rglob("*.py")]


def noted_actions(path):
    """The codes that a file notes in a house's audit log: record(session, "module.action", …)."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record" and len(node.args) > 1:
            if isinstance(code := node.args[1], ast.Constant) and isinstance(code.value, str) and "." in code.value:
                yield code.value


@pytest.mark.parametrize("path", [path for path in SOURCES if any(noted_actions(path))], ids=lambda p: p.stem)
def test_every_noted_action_has_words(path):
    named = actions(Registry.load())
    assert [code for code in noted_actions(path) if code not in named] == []
