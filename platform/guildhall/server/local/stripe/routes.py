"""The table of operations, and the plain ones — create, read, update, delete, list — that most resources share."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.objects import Object, listing, merge
from guildhall.server.local.stripe.store import Space

Handler = Callable[..., Object]
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
PAGING = {"limit", "starting_after", "ending_before", "expand", "created"}


@dataclass(frozen=True)
class Route:
    """One method and path; `operation` names the documented parameters, the handler gets space, params and path ids."""

    method: str
    pattern: re.Pattern[str]
    operation: str
    handler: Handler


ROUTES: list[Route] = []


def route(method_and_path: str, operation: str) -> Callable[[Handler], Handler]:
    """Register a handler for, say, `POST /v1/invoices/{id}/pay`."""
    method, path = method_and_path.split()

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, re.compile(re.sub(r"\{\w+\}", "([^/]+)", path)), operation, handler))
        return handler

    return register


def resource(path: str, kind: str, operation: str, verbs: str, event: str | None = None) -> None:
    """Register the plain verbs of a resource. `event` is the first part of its events' names, where it has events."""
    if "create" in verbs:
        route(f"POST {path}", f"{operation}_create")(_creator(kind, event))
    if "list" in verbs:
        route(f"GET {path}", f"{operation}_list")(_lister(kind, path))
    if "retrieve" in verbs:
        route(f"GET {path}/{{id}}", f"{operation}_retrieve")(
            lambda space, _params, object_id: space.get(kind, object_id)
        )
    if "update" in verbs:
        route(f"POST {path}/{{id}}", f"{operation}_update")(_updater(kind, event))
    if "delete" in verbs:
        route(f"DELETE {path}/{{id}}", f"{operation}_delete")(_deleter(kind, event))


def fields_of(params: Params, *without: str) -> Object:
    """The parameters that become fields: an empty string is null."""
    return {name: None if value == "" else value for name, value in params.items() if name not in {"expand", *without}}


def page(things: Iterable[Object], params: Params, url: str) -> Object:
    """A page of a list, newest first, by `limit`, `starting_after`, `ending_before` and `created`."""
    rows = [thing for thing in reversed(list(things)) if _created_within(thing, params.get("created"))]
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise StripeError("Invalid integer: limit must be between 1 and 100", param="limit")
    if "ending_before" in params:
        rows = rows[: _position(rows, params["ending_before"], "ending_before")]
        return listing(rows[-limit:], url, has_more=len(rows) > limit)
    start = _position(rows, params["starting_after"], "starting_after") + 1 if "starting_after" in params else 0
    return listing(rows[start : start + limit], url, has_more=len(rows) > start + limit)


def updated(space: Space, thing: Object, changes: Object, event: str | None) -> Object:
    """Apply `changes` and emit `<event>.updated` with the values from before."""
    before = {name: thing.get(name) for name in changes if name != "expand"}
    merge(thing, changes)
    previous = {name: value for name, value in before.items() if thing.get(name) != value}
    if event and previous:
        space.emit(f"{event}.updated", thing, previous)
    return thing


def _creator(kind: str, event: str | None) -> Handler:
    def create(space: Space, params: Params) -> Object:
        made = space.add(kind, **fields_of(params))
        if event:
            space.emit(f"{event}.created", made)
        return made

    return create


def _lister(kind: str, path: str) -> Handler:
    def list_(space: Space, params: Params) -> Object:
        wanted = {name: value for name, value in params.items() if name not in PAGING}
        return page(space.all(kind, **wanted), params, path)

    return list_


def _updater(kind: str, event: str | None) -> Handler:
    def update(space: Space, params: Params, object_id: str) -> Object:
        return updated(space, space.get(kind, object_id), params, event)

    return update


def _deleter(kind: str, event: str | None) -> Handler:
    def delete(space: Space, _params: Params, object_id: str) -> Object:
        thing = space.get(kind, object_id)
        del space.table(kind)[object_id]
        if event:
            space.emit(f"{event}.deleted", thing)
        return {"id": object_id, "object": kind, "deleted": True}

    return delete


def _created_within(thing: Object, bounds: Any) -> bool:
    if isinstance(bounds, int):
        return bool(thing["created"] == bounds)
    return all(COMPARE[name](thing["created"], bound) for name, bound in (bounds or {}).items())


def _position(rows: list[Object], object_id: str, param: str) -> int:
    for index, row in enumerate(rows):
        if row["id"] == object_id:
            return index
    raise StripeError(f"No such object: '{object_id}'", code="resource_missing", param=param)
