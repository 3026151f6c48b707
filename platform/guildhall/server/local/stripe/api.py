"""The HTTP side of the API: keys, idempotency, the contract check, errors, expansion."""

import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from guildhall.server.local.stripe.contract import Params, check, parse_form
from guildhall.server.local.stripe.errors import StripeError
from guildhall.server.local.stripe.faults import Faults
from guildhall.server.local.stripe.objects import render
from guildhall.server.local.stripe.routes import ROUTES, Route
from guildhall.server.local.stripe.store import PLATFORM, Space, Store

JSON = "application/json"
KEY_LIFE = 24 * 3600
BROKEN = {"error": {"type": "api_error", "message": "An unknown error occurred."}}

blueprint = Blueprint("stripe_api", __name__)


@dataclass
class Context:
    """What the simulator's pages and API share. `lock`: one request at a time sees and changes the store."""

    store: Store
    faults: Faults
    lock: threading.RLock


@dataclass(frozen=True)
class Call:
    """One API request, matched and checked."""

    route: Route
    ids: tuple[str, ...]
    params: Params
    space: Space


def context() -> Context:
    """The running simulator's."""
    found: Context = current_app.extensions["stripe"]
    return found


@blueprint.route("/v1/<path:_path>", methods=["GET", "POST", "DELETE"])
def handle(_path: str) -> Response:
    time.sleep(context().faults.api_latency)
    if context().faults.take("api_fail"):
        return _answer(500, BROKEN)
    with context().lock:
        context().store.dirty |= request.method != "GET"
        try:
            _check_key()
            return _once() if request.method == "POST" else _answer(*_perform(_parse()))
        except StripeError as error:
            return _answer(error.status, error.body)


def _once() -> Response:
    """Perform a POST; under an idempotency key only the first time, and replay that answer afterwards."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _commit(*_perform(_parse()))
    name = f"{request.headers.get('Stripe-Account', PLATFORM)}/{key}"
    print_ = hashlib.sha256(f"{request.path}?{sorted(request.form.items(multi=True))}".encode()).hexdigest()
    known = context().store.replies.get(name)
    if known is None or known["at"] < time.time() - KEY_LIFE:
        status, body = _perform(_parse())
        context().store.replies[name] = {"at": time.time(), "print": print_, "status": status, "body": body}
        return _commit(status, body)
    if known["print"] != print_:
        message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        raise StripeError(message, kind="idempotency_error")
    response = _answer(known["status"], known["body"])
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _commit(status: int, body: Any) -> Response:
    if context().faults.take("api_fail_after_commit"):
        return _answer(500, BROKEN)
    return _answer(status, body)


def _parse() -> Call:
    """Match and check the request. What it raises is not remembered under the idempotency key, as at Stripe."""
    pairs = request.args if request.method == "GET" else request.form
    form = parse_form(list(pairs.items(multi=True)))
    matches = [
        (known, match.groups())
        for known in ROUTES
        if known.method == request.method and (match := known.pattern.fullmatch(request.path))
    ]
    if matches:
        # `/invoices/create_preview` is itself before it is an id.
        chosen, ids = min(matches, key=lambda found: len(found[1]))
        return Call(chosen, ids, check(chosen.operation, form), _space())
    message = f"Unrecognized request URL ({request.method}: {request.path})."
    raise StripeError(message, status=404)


def _perform(call: Call) -> tuple[int, Any]:
    try:
        made = call.route.handler(call.space, call.params, *call.ids)
        return 200, render(made, call.params.get("expand", []), call.space.find)
    except StripeError as error:
        return error.status, error.body


def _space() -> Space:
    store = context().store
    account = request.headers.get("Stripe-Account", PLATFORM)
    if account and account not in Space(store).table("account"):
        message = f"The provided key does not have access to account '{account}' (or that account does not exist)."
        raise StripeError(message, code="account_invalid", status=403)
    cause = {"id": f"req_{secrets.token_hex(7)}", "idempotency_key": request.headers.get("Idempotency-Key")}
    return Space(store, account, cause)


def _check_key() -> None:
    given = request.authorization
    key = (given.token or given.username) if given else None
    if not (key or "").startswith(("sk_test_", "rk_test_")):
        raise StripeError("Invalid API Key provided.", status=401)


def _answer(status: int, body: Any) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=JSON)
    response.headers["Request-Id"] = f"req_{secrets.token_hex(7)}"
    return response


@blueprint.get("/_sim/faults")
def show_faults() -> dict[str, Any]:
    return context().faults.as_json()


@blueprint.put("/_sim/faults")
def set_faults() -> tuple[dict[str, Any], int]:
    try:
        context().faults.set(request.get_json())
    except ValueError as unknown:
        return {"error": str(unknown)}, 400
    return context().faults.as_json(), 200


@blueprint.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    return _answer(error.code or 500, {"error": {"type": "invalid_request_error", "message": error.description}})
