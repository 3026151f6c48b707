"""What a request is about. Views and templates ask here; services never do: they are handed a session."""

from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from guildhall.core.house import House
from guildhall.core.identity import ANONYMOUS, Actor

if TYPE_CHECKING:
    from guildhall.core.db import UnitOfWork
    from guildhall.core.runtime import Runtime
    from guildhall.core.web.door import Door

HOUSE_KEY = "guildhall.house"
REQUEST_ID_KEY = "guildhall.request_id"


def door() -> "Door":
    return cast("Door", current_app)


def runtime() -> "Runtime":
    return door().runtime


def current_house() -> House:
    """The house of the host that was asked for; put into the environ before the app is entered."""
    return cast("House", request.environ[HOUSE_KEY])


def db_session() -> "UnitOfWork":
    """The request's unit of work, begun at its first use. The door commits it after the view; a view never does."""
    if "unit" not in g:
        # Nobody, until it is found out who asks: whoever is not asked for may do nothing.
        g.unit = runtime().db.unit(current_house(), ANONYMOUS)
    return cast("UnitOfWork", g.unit)


def opened_session() -> "UnitOfWork | None":
    return cast("UnitOfWork | None", g.get("unit"))


def current_actor() -> Actor:
    """Who asks; found out once a request."""
    if "actor" not in g:
        g.actor = ANONYMOUS  # while it is being found out
        session = db_session()
        g.actor = door().identify(session).at(client_address(), request_id())
        session.actor = g.actor
    return cast("Actor", g.actor)


def client_address() -> str:
    """The caller's address; behind proxies only as far as `trusted_proxies` are believed (werkzeug's ProxyFix)."""
    return request.remote_addr or ""


def request_id() -> str:
    return str(request.environ.get(REQUEST_ID_KEY, ""))


def wants_fragment() -> bool:
    """Whether htmx asks, for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
