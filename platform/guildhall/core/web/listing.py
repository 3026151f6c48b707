"""One page of a select, as the address asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select

from guildhall.core.db import UnitOfWork
from guildhall.core.web.table import PAGE_SIZE, Query


def page_of(
    session: UnitOfWork,
    statement: Select[Any],
    query: Query,
    orders: Mapping[str, Any] | None = None,
    *,
    default: str = "",
    tie: Any = None,
    page_size: int = PAGE_SIZE,
) -> tuple[Sequence[Any], int]:
    """The rows of the page and how many there are in all: two queries at most, whatever the number of rows.

    `orders` says what may be sorted by, from a column's key to an expression; anything else in the address is ignored.
    `default` is a key, with `-` before it for descending. `tie` makes the order total, so that no row is on two pages:
    usually the id. Without `orders` the statement's own order stands.
    """
    ordered = _ordered(statement, query, orders, default, tie) if orders else statement
    before = (query.page - 1) * page_size
    rows = session.scalars(ordered.limit(page_size).offset(before)).all()
    if 0 < len(rows) < page_size:  # the last page tells by itself how many there are
        return rows, before + len(rows)
    return rows, session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0


def _ordered(statement: Select[Any], query: Query, orders: Mapping[str, Any], default: str, tie: Any) -> Select[Any]:
    asked = (query.sort, query.descending) if query.sort in orders else (default.removeprefix("-"), default[0] == "-")
    key, descending = asked
    order = [orders[key].desc(), tie.desc()] if descending else [orders[key], tie]
    return statement.order_by(None).order_by(*order)
