"""Values that travel as JSON between a transaction and the job that follows it, by their annotated types."""

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID


def encode(value: Any) -> Any:
    """A JSON value for a UUID, date, datetime, enum, tuple, mapping or plain value.

    Raises:
        TypeError: for anything else; a row or an object must be named by its id.
    """
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [encode(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    msg = f"{type(value).__name__} cannot travel in a payload; send an id"
    raise TypeError(msg)


def decode(value: Any, type_: Any) -> Any:
    """The value again, as its annotation says."""
    origin = get_origin(type_)
    if origin in {Union, types.UnionType}:
        inner = [item for item in get_args(type_) if item is not type(None)]
        return None if value is None else decode(value, inner[0])
    if origin in {list, tuple, set, frozenset}:
        return origin(decode(item, get_args(type_)[0]) for item in value)
    if type_ is UUID:
        return UUID(value)
    if type_ in {datetime, date}:
        return type_.fromisoformat(value)
    if isinstance(type_, type) and issubclass(type_, Enum):
        return type_(value)
    return value


def encode_fields(instance: Any) -> dict[str, Any]:
    """A dataclass as a JSON object."""
    return {field.name: encode(getattr(instance, field.name)) for field in dataclasses.fields(instance)}


def decode_for(target: Callable[..., Any], payload: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments for a function or a dataclass. A key that it does not know is left out, so that a job written
    before a deployment still runs after it.
    """
    hints = get_type_hints(target)
    return {key: decode(value, hints[key]) for key, value in payload.items() if key in hints}
