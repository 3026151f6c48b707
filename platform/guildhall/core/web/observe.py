"""What is noted of every request: one log line, and the figures for Prometheus."""

from time import perf_counter

import structlog
from flask import Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from guildhall.core.observability import metrics
from guildhall.core.observability.queries import open_tally
from guildhall.core.web.context import current_house, door, request_id

log = structlog.get_logger("guildhall.access")
NO_ENDPOINT = "none"


def begin() -> None:
    """Every log line of this request names it and the house; threads are used again, so what was there goes."""
    clear_contextvars()
    bind_contextvars(request=request_id(), house=str(current_house().id))
    g.started = perf_counter()
    g.tally = open_tally()


def finish(response: Response) -> Response:
    """The route is noted, never the address: that may hold an invitation's token or what somebody searched for."""
    seconds = perf_counter() - g.started
    kind, endpoint, statements = door().kind, request.endpoint or NO_ENDPOINT, g.tally.statements
    metrics.requests.labels(kind, endpoint, response.status_code).inc()
    metrics.request_seconds.labels(kind, endpoint).observe(seconds)
    metrics.request_queries.labels(kind, endpoint).inc(statements)
    log.info(
        "request",
        door=kind,
        method=request.method,
        endpoint=endpoint,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        queries=statements,
        **_actor(),
    )
    response.headers["X-Request-Id"] = request_id()
    return response


def _actor() -> dict[str, str]:
    actor = g.get("actor")
    return {"actor": str(actor.id), "actor_kind": actor.kind} if actor is not None and actor.id else {}
