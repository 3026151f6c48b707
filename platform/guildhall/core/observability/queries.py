"""Counting statements: a page that asks the database ever more often shows in its log line."""

from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event


class Tally:
    """Statements since it was opened."""

    __slots__ = ("statements",)

    def __init__(self) -> None:
        self.statements = 0


_current: ContextVar[Tally | None] = ContextVar("guildhall_statements", default=None)


def open_tally() -> Tally:
    """Count from now on what this thread sends."""
    tally = Tally()
    _current.set(tally)
    return tally


def watch(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _count)


def _count(*_: Any) -> None:
    tally = _current.get()
    if tally is not None:
        tally.statements += 1
