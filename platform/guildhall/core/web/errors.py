"""Errors to people: one map from domain errors to pages, htmx fragments and problem+json (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import psycopg
import structlog
from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from guildhall.core.errors import Conflict, DomainError, SignInRequired, TooManyRequests, Unavailable
from guildhall.core.i18n import _, _l
from guildhall.core.web.context import current_house, opened_session, request_id, wants_fragment

log = structlog.get_logger(__name__)

TITLES = {
    400: _l("This request could not be read"),
    401: _l("Please sign in"),
    403: _l("You cannot do this"),
    404: _l("Page not found"),
    405: _l("This cannot be done here"),
    409: _l("Somebody was quicker"),
    412: _l("It has changed meanwhile"),
    413: _l("The file is too large"),
    415: _l("This format cannot be read"),
    422: _l("Something does not fit"),
    428: _l("A precondition is missing"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong on our side"),
    503: _l("Briefly unavailable"),
}


class FormExpired(DomainError):
    """The CSRF token is missing or of another session."""

    code = "form_expired"
    message = _l("This form has expired. Please load the page again and repeat.")
    status = HTTPStatus.BAD_REQUEST


class BeingRepaired(Unavailable):
    """The house's schema, or a table of it, is missing: an operator is told, and other houses go on."""

    code = "being_repaired"
    message = _l("This association is being repaired. Please try again later.")


def register_error_handlers(app: Flask) -> None:
    app.register_error_handler(DomainError, answer)
    app.register_error_handler(CSRFError, lambda _error: answer(FormExpired()))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(psycopg.OperationalError, _database_away)
    app.register_error_handler(IntegrityError, _collision)
    app.register_error_handler(PoolTimeoutError, _database_away)
    app.register_error_handler(ProgrammingError, _refused_statement)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def answer(error: DomainError) -> ResponseReturnValue:
    """The answer to a domain error, in the form that the caller reads."""
    _forget()
    if isinstance(error, SignInRequired) and not is_api() and not wants_fragment():
        return redirect(_sign_in_address())
    response = _render(error.status, str(error), code=error.code, fields=error.fields)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def is_api() -> bool:
    return request.path.startswith("/api/")


def _sign_in_address() -> str:
    from urllib.parse import urlencode

    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return f"/sign-in?{urlencode({'next': back})}"


def _http(error: HTTPException) -> ResponseReturnValue:
    _forget()
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    response = _render(
        HTTPStatus(error.code), str(TITLES.get(error.code, error.name)), code=error.name.lower().replace(" ", "_")
    )
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def _database_away(error: Exception) -> ResponseReturnValue:
    lock_or_statement = isinstance(error, DBAPIError) and isinstance(
        error.orig, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable
    )
    log.warning("database_unavailable", error=str(error))
    return answer(Conflict() if lock_or_statement else Unavailable())


def _collision(error: IntegrityError) -> ResponseReturnValue:
    """Two requests wrote the same thing at once; a check before each had found nothing."""
    return answer(Conflict()) if isinstance(error.orig, psycopg.errors.UniqueViolation) else _unexpected(error)


def _refused_statement(error: ProgrammingError) -> ResponseReturnValue:
    if not isinstance(error.orig, psycopg.errors.UndefinedTable | psycopg.errors.InvalidSchemaName):
        return _unexpected(error)
    house = current_house()
    log.critical("schema_damaged", house=str(house.id), schema=house.scope.schema, error=str(error.orig))
    return answer(BeingRepaired())


def _unexpected(error: Exception) -> ResponseReturnValue:
    _forget()
    log.error("request_failed", path=request.path, exc_info=error)
    return _render(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("It has been noted. Please try again, or tell us the number below."),
        code="internal",
    )


def _forget() -> None:
    session = opened_session()
    if session is not None:
        session.rollback()


def _render(status: HTTPStatus, message: str, *, code: str, fields: dict[str, Any] | None = None) -> Response:
    title = str(TITLES.get(status, TITLES[HTTPStatus.INTERNAL_SERVER_ERROR]))
    if is_api():
        return problem(status, title, message, code=code, fields=fields)
    template = "errors/fragment.html" if wants_fragment() else "errors/page.html"
    page = render_template(
        template, status=int(status), title=title, message=message, fields=fields, request_id=request_id()
    )
    return make_response(page, status)


def problem(
    status: HTTPStatus, title: str, detail: str, *, code: str, fields: dict[str, Any] | None = None
) -> Response:
    """RFC 9457, with our `code` and, for invalid input, `errors` by field."""
    body = {
        "type": f"urn:guildhall:problem:{code}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if fields:
        body["errors"] = {
            key: [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
            for key, value in fields.items()
        }
    if request_id():
        body["request_id"] = request_id()
    response = jsonify(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
