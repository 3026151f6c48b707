"""Who calls the API: whoever shows a token. Cookies mean nothing here, so another site cannot borrow them."""

from collections.abc import Callable

from flask import Response, g, request

from guildhall.core.api.errors import TokenRefused
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import ANONYMOUS, Actor
from guildhall.core.ratelimit import Allowance, Limit
from guildhall.core.web.context import client_address, current_house, door
from guildhall.core.web.errors import is_api

CALLS = Limit("api", 600, 60)
REFUSALS = Limit("api_refusals", 60, 60)

Authenticate = Callable[[UnitOfWork, str], Actor | None]


def identify_caller(session: UnitOfWork, authenticate: Authenticate) -> Actor:
    """The actor of the request's bearer token (RFC 6750); anonymous without one.

    Raises:
        TokenRefused: the token opens nothing.
        TooManyRequests: this token has called too often, or this address has shown too many that open nothing.
    """
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        return ANONYMOUS
    actor = authenticate(session, shown.token)
    if actor is None:
        door().limiter.hit(REFUSALS, current_house().id, client_address())
        raise TokenRefused
    g.allowance = door().limiter.hit(CALLS, current_house().id, actor.session_id)
    return actor


def add_headers(response: Response) -> Response:
    """How often this token may still call (draft-ietf-httpapi-ratelimit-headers), and how to show one."""
    if not is_api():
        return response
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers["RateLimit-Policy"] = f'"{CALLS.name}";q={CALLS.count};w={CALLS.seconds}'
        response.headers["RateLimit"] = f'"{CALLS.name}";r={allowance.remaining};t={allowance.resets_in}'
    if response.status_code == 401:
        error = ', error="invalid_token"' if request.authorization else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="api"{error}'
    return response
