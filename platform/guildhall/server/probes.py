"""`/-/health`, `/-/ready` and `/-/metrics`, for load balancers and Prometheus. Only the site's host has them: a probe
that comes by address sets the Host header.
"""

import hmac
from http import HTTPStatus

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from guildhall.core.observability import metrics
from guildhall.core.permissions import public
from guildhall.core.settings import Mode
from guildhall.core.web.context import runtime
from guildhall.server.checks import READINESS, Level, run_checks

blueprint = Blueprint("probes", __name__, url_prefix="/-")


@blueprint.get("/health")
@public
def health() -> ResponseReturnValue:
    """This process answers; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/ready")
@public
def ready() -> ResponseReturnValue:
    """Whether requests can be served. Redis away is told and is no reason to take traffic elsewhere."""
    results = run_checks(runtime(), READINESS)
    is_ready = all(result.level is not Level.WRONG for result in results)
    body = {"status": "ready" if is_ready else "unavailable", "checks": {r.name: str(r.level) for r in results}}
    response = jsonify(body)
    response.status_code = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return response


@blueprint.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    """For whoever has the token; without one set, in demo mode only."""
    settings = runtime().settings
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = hmac.compare_digest(given.encode(), settings.metrics_token.encode()) if settings.metrics_token else False
    if not allowed and settings.mode is not Mode.DEMO:
        abort(HTTPStatus.NOT_FOUND)
    text, media_type = metrics.exposition()
    return Response(text, content_type=media_type)
