"""Lists by cursor: however the table changes meanwhile, no row is given twice and none that stays is left out."""

from typing import Any, TypedDict
from urllib.parse import urlencode

import marshmallow as ma
from flask import after_this_request, request
from flask.typing import ResponseClass
from marshmallow import fields, validate
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from guildhall.core.api.schema import Schema
from guildhall.core.errors import Invalid
from guildhall.core.i18n import _l
from guildhall.core.payload import decode, encode
from guildhall.core.web.context import current_house, db_session, runtime

PAGE_SIZE = 50
LARGEST_PAGE = 200


class PageQuery(Schema):
    """Base of every list's query; a list adds its filters to it."""

    limit = fields.Integer(
        load_default=PAGE_SIZE,
        validate=validate.Range(min=1, max=LARGEST_PAGE),
        metadata={"description": _l("How many entries a page holds.")},
    )
    cursor = fields.String(
        load_default=None,
        metadata={"description": _l("Where to go on: the next_cursor of the page before.")},
    )


class Page(TypedDict):
    """A page of a list. The last one has no `next_cursor`."""

    data: list[Any]
    next_cursor: str | None


def page_of(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of such items."""
    name = item.__name__.removesuffix("Schema")
    members = {
        "data": fields.List(fields.Nested(item), required=True),
        "next_cursor": fields.String(
            required=True,
            allow_none=True,
            metadata={"description": _l("Send it as cursor to read the next page; null on the last.")},
        ),
    }
    return type(f"{name}PageSchema", (Schema,), members)


def paginate(
    statement: Select[Any], query: dict[str, Any], *order: InstrumentedAttribute[Any], descending: bool = False
) -> Page:
    """A page of a select of rows.

    `query` is what a `PageQuery` loaded. `order` are columns of the selected model that are never null and best never
    change; the last of them is unique.

    Raises:
        Invalid: the cursor was not given by this list.
    """
    statement = statement.order_by(*((column.desc() for column in order) if descending else order))
    if query["cursor"] is not None:
        here, after = tuple_(*order), tuple_(*_open(query["cursor"], *order))
        statement = statement.where(here < after if descending else here > after)
    rows = list(db_session().scalars(statement.limit(query["limit"] + 1)))
    more, rows = len(rows) > query["limit"], rows[: query["limit"]]
    cursor = _seal(rows[-1], *order) if more else None
    if cursor:
        _link_next(cursor)
    return Page(data=rows, next_cursor=cursor)


def _seal(row: Any, *columns: InstrumentedAttribute[Any]) -> str:
    return runtime().vault.sign([encode(getattr(row, c.key)) for c in columns], purpose=_purpose(columns))


def _open(cursor: str, *columns: InstrumentedAttribute[Any]) -> list[Any]:
    values = runtime().vault.unsign(cursor, purpose=_purpose(columns))
    if not isinstance(values, list):
        raise Invalid(fields={"cursor": _l("This is not a cursor of this list.")})
    return [decode(value, column.type.python_type) for value, column in zip(values, columns, strict=True)]


def _purpose(columns: tuple[InstrumentedAttribute[Any], ...]) -> str:
    return "/".join(["cursor", str(current_house().id), request.path, *(str(c) for c in columns)])


def _link_next(cursor: str) -> None:
    """RFC 8288."""
    query = request.args.to_dict() | {"cursor": cursor}
    address = current_house().url(f"{request.path}?{urlencode(query)}")

    @after_this_request
    def add(response: ResponseClass) -> ResponseClass:
        response.headers["Link"] = f'<{address}>; rel="next"'
        return response
