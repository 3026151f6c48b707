"""The contract check: requests are held against the parameter types that stripe-python publishes for its API version.

stripe-python's `stripe.params` is generated from Stripe's OpenAPI description. Reading it here, rather than keeping
tables of our own, makes every documented parameter known and every other one an error, as at Stripe.
"""

import importlib
import sys
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, NotRequired

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from guildhall.server.local.stripe.errors import StripeError

Params = dict[str, Any]
# Amounts with decimals stay as they were written.
SCALARS: dict[Any, Callable[[str], Any]] = {str: str, int: int, float: float, Decimal: str}
BOOLEANS = {"true": True, "false": False}


def parse_form(pairs: list[tuple[str, str]]) -> Params:
    """Stripe's form encoding: `items[0][price]=x` → {"items": {"0": {"price": "x"}}}; `expand[]=x` counts by itself."""
    root: Params = {}
    for key, value in pairs:
        head, *rest = key.replace("]", "").split("[")
        node, name = root, head
        for part in rest:
            node = node.setdefault(name, {})
            name = part or str(len(node))
        node[name] = value
    return root


def check(operation: str, form: Params) -> Params:
    """The typed parameters of, say, `checkout/session_create`. Raises StripeError for one unknown, missing or wrong."""
    return _Struct(_params_class(operation)).read(form, "")


@cache
def _params_class(operation: str) -> Any:
    package, _, name = operation.rpartition("/")
    module = importlib.import_module(f"stripe.params{'.' + package if package else ''}._{name}_params")
    return getattr(module, "".join(part.title() for part in name.split("_")) + "Params")


@cache
def _fields(struct: Any) -> dict[str, Any]:
    """Field → its type with names resolved, without the options that stripe-python mixes in for itself."""
    scope = vars(sys.modules[struct.__module__])
    options = RequestOptions.__annotations__
    return {name: _resolve(kind, scope) for name, kind in struct.__annotations__.items() if name not in options}


def _resolve(kind: Any, scope: dict[str, Any]) -> Any:
    while True:
        if isinstance(kind, typing.ForwardRef | str):
            kind = eval(kind if isinstance(kind, str) else kind.__forward_arg__, scope)  # noqa: S307 - stripe's own text
        elif typing.get_origin(kind) is NotRequired:
            (kind,) = typing.get_args(kind)
        else:
            return kind


class _Struct:
    """A TypedDict of stripe-python."""

    def __init__(self, struct: Any) -> None:
        self.fields = _fields(struct)
        self.required = struct.__required_keys__ & self.fields.keys()
        self.scope = vars(sys.modules[struct.__module__])

    def read(self, form: Any, path: str) -> Params:
        if not isinstance(form, dict):
            raise StripeError(f"Invalid object: {path}", param=path)
        for name in form:
            if name not in self.fields:
                param = _join(path, name)
                raise StripeError(f"Received unknown parameter: {param}", code="parameter_unknown", param=param)
        for name in sorted(self.required - form.keys()):
            param = _join(path, name)
            raise StripeError(f"Missing required param: {param}.", code="parameter_missing", param=param)
        return {name: _read(self.fields[name], value, _join(path, name), self.scope) for name, value in form.items()}


def _read(kind: Any, value: Any, path: str, scope: dict[str, Any]) -> Any:
    kind = _resolve(kind, scope)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _read_union(arguments, value, path, scope)
    if origin is typing.Literal:
        if value in arguments:
            return value
        raise StripeError(f"Invalid {path}: must be one of {', '.join(map(str, arguments))}", param=path)
    if origin is list:
        return [_read(arguments[0], item, f"{path}[{index}]", scope) for index, item in _numbered(value, path)]
    if origin in {dict, UntypedStripeObject}:
        return {name: _read(arguments[-1], item, _join(path, name), scope) for name, item in _entries(value, path)}
    if typing.is_typeddict(kind) or hasattr(kind, "__required_keys__"):
        return _Struct(kind).read(value, path)
    return _read_scalar(kind, value, path)


def _read_union(options: tuple[Any, ...], value: Any, path: str, scope: dict[str, Any]) -> Any:
    """The first alternative that fits.

    An enumeration is published as `Literal[…] | str`, but the API takes only what it names: `str` counts only where
    the literal merely allows the empty string.
    """
    resolved = [_resolve(option, scope) for option in options]
    literals = {
        word for option in resolved if typing.get_origin(option) is typing.Literal for word in typing.get_args(option)
    }
    if literals - {""}:
        resolved = [option for option in resolved if option is not str]
    resolved.sort(key=lambda option: option is str)
    error: StripeError | None = None
    for option in resolved:
        try:
            return _read(option, value, path, scope)
        except StripeError as refused:
            if error is None or refused.body["error"].get("param", "") > path:
                error = refused
    assert error is not None
    raise error


def _read_scalar(kind: Any, value: Any, path: str) -> Any:
    if not isinstance(value, str):
        raise StripeError(f"Invalid string: {path}", param=path)
    try:
        return BOOLEANS[value] if kind is bool else SCALARS[kind](value)
    except (KeyError, ValueError) as wrong:
        name = getattr(kind, "__name__", "value")
        code = "parameter_invalid_integer" if kind is int else None
        raise StripeError(f"Invalid {name}: {value}", code=code, param=path) from wrong


def _entries(value: Any, path: str) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise StripeError(f"Invalid object: {path}", param=path)
    return list(value.items())


def _numbered(value: Any, path: str) -> list[tuple[int, Any]]:
    if not isinstance(value, dict) or not all(name.isdigit() for name in value):
        raise StripeError("Invalid array", param=path)
    return [(int(name), item) for name, item in sorted(value.items(), key=lambda entry: int(entry[0]))]


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name
