"""Reading requests: whatever does not fit becomes a domain error with the fields that are wrong."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import flask
import marshmallow as ma
from webargs.core import missing
from webargs.flaskparser import FlaskParser, is_json_request

from guildhall.core.api.errors import NotJson, Unreadable
from guildhall.core.errors import Invalid
from guildhall.core.i18n import _l, gettext

# marshmallow's own words, marked so that they are translated.
_MESSAGES = (
    _l("Field may not be null."),
    _l("Invalid input type."),
    _l("Invalid value."),
    _l("Missing data for required field."),
    _l("Not a valid URL."),
    _l("Not a valid UUID."),
    _l("Not a valid boolean."),
    _l("Not a valid datetime."),
    _l("Not a valid email address."),
    _l("Not a valid integer."),
    _l("Not a valid list."),
    _l("Not a valid string."),
    _l("Unknown field."),
)
_UNSTORABLE = _l("Contains characters that cannot be stored.")


class ApiParser(FlaskParser):
    """Reads arguments. Unknown ones are refused everywhere, also in the query."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": None, "query": None}  # noqa: RUF012 - as in the base

    def load_json(self, req: flask.Request, schema: ma.Schema) -> Any:
        if req.get_data(cache=True) and not is_json_request(req):
            raise NotJson
        try:
            return super().load_json(req, schema)
        except RecursionError as error:  # nested a thousand deep
            raise Unreadable from error

    def load_querystring(self, req: flask.Request, schema: ma.Schema) -> Any:
        return self._makeproxy(req.args, schema)

    def pre_load(self, location_data: Any, *, schema: ma.Schema, req: flask.Request, location: str) -> Any:  # noqa: ARG002
        wrong = {path: _UNSTORABLE for path, text in _texts(location_data) if not _storable(text)}
        if wrong:
            raise Invalid(fields=wrong)
        return location_data

    def handle_error(self, error: ma.ValidationError, *_args: Any, **_options: Any) -> NoReturn:
        located: Any = error.messages
        raise Invalid(fields=dict(_flat(next(iter(located.values())))))

    def _handle_invalid_json_error(self, error: Any, *_args: Any, **_options: Any) -> NoReturn:
        raise Unreadable from error


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """`{"roles": {0: ["x"]}}` → `("roles.0", ["x"])`."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, f"{path}.{key}" if path else str(key))
    else:
        texts = messages if isinstance(messages, list) else [messages]
        yield path or "_schema", [gettext(str(text)) for text in texts]


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if value is missing:
        return
    if isinstance(value, str):
        yield path or "_schema", value
    elif isinstance(value, Mapping):
        for key in value:
            yield from _texts(str(key), "_schema")
            yield from _texts(value[key], f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}.{index}" if path else str(index))


def _storable(text: str) -> bool:
    """PostgreSQL takes no NUL and no lone surrogate."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
