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
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    records = (call for call in calls if getattr(call.func, "attr", "") == "record" and len(call.args) > 1)
    codes = (call.args[1].value for call in records if isinstance(call.args[1], ast.Constant))
    return [code for code in codes if isinstance(code, str) and "." in code]


@pytest.mark.parametrize("path", [path for path in SOURCES if noted_actions(path)], ids=lambda p: p.stem)
def test_every_noted_action_has_words(path):
    named = actions(Registry.load())
    assert [code for code in noted_actions(path) if code not in named] == []
