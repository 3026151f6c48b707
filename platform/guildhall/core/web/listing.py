"""A page of a list, and how long the list is."""

from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from guildhall.core.db import UnitOfWork
from guildhall.core.web.table import PAGE_SIZE, Query

Row = TypeVar("Row")


def listed(
    session: UnitOfWork, statement: Select[Row], query: Query, page_size: int = PAGE_SIZE
) -> tuple[list[Row], int]:
    """The rows of the page that was asked for, and the number of all: two queries, however many rows there are."""
    total = session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    page: Any = statement.limit(page_size).offset((query.page - 1) * page_size)
    return list(session.scalars(page)), total
