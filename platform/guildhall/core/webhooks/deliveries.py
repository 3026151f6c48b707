"""Delivering: a public fact becomes a message to each endpoint that wants it, and each message goes out by a job.

An attempt that fails is not a job that fails: it is noted in the log, and the next attempt is a job of its own.
"""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import delete, select

from guildhall.core.clock import now
from guildhall.core.egress import AddressRefused, Answer, RequestFailed
from guildhall.core.facts import Fact, emit
from guildhall.core.jobs.contract import Job, JobContext, Schedule
from guildhall.core.jobs.queue import enqueue
from guildhall.core.payload import encode_fields
from guildhall.core.webhooks.facts import WebhookFailing
from guildhall.core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from guildhall.core.webhooks.retries import wait_after
from guildhall.core.webhooks.signing import headers

if TYPE_CHECKING:
    from guildhall.core.db import UnitOfWork

EXCERPT_CHARACTERS = 1000
KEPT_FOR = timedelta(days=30)
USER_AGENT = "Guildhall-Webhooks/1"


def queue_message(
    session: "UnitOfWork", endpoint: WebhookEndpoint, fact: str, data: dict[str, Any], *, event_id: UUID
) -> WebhookDelivery:
    """Write a message into an endpoint's log; it leaves after the commit."""
    moment = now()
    payload = {"id": f"evt_{event_id.hex}", "type": fact, "created_at": moment.isoformat(), "data": data}
    delivery = WebhookDelivery(endpoint_id=endpoint.id, fact=fact, payload=payload, created_at=moment, next_at=moment)
    session.add(delivery)
    session.flush()
    enqueue(session, DELIVER, delivery_id=delivery.id)
    return delivery


def tell_endpoints(context: JobContext, fact: Fact) -> None:
    """The subscription to every public fact: one message for each endpoint that wants it."""
    wanted = select(WebhookEndpoint).where(WebhookEndpoint.active, WebhookEndpoint.facts.contains([fact.name]))
    for endpoint in context.session.scalars(wanted):
        queue_message(context.session, endpoint, fact.name, encode_fields(fact), event_id=context.job_id)


def body_of(delivery: WebhookDelivery) -> bytes:
    """The bytes that are sent, the same at each attempt."""
    return json.dumps(delivery.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _deliver(context: JobContext, delivery_id: UUID) -> None:
    """One attempt. The job's transaction stays open meanwhile, but holds nothing that others wait for."""
    delivery = context.session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return
    if not delivery.endpoint.active:  # switched off meanwhile
        delivery.state, delivery.next_at = DeliveryState.FAILED, None
        return
    answer, error = _attempt(context, delivery)
    delivery.attempts += 1
    delivery.attempted_at = now()
    delivery.status_code = answer.status if answer else None
    delivery.milliseconds = answer.milliseconds if answer else None
    delivery.excerpt = _excerpt(answer.body) if answer else ""
    delivery.error = error
    if answer and HTTPStatus(200) <= answer.status < HTTPStatus(300):
        _arrived(delivery)
    else:
        _missed(context.session, delivery)


def _attempt(context: JobContext, delivery: WebhookDelivery) -> tuple[Answer | None, str]:
    secret = context.runtime.vault.decrypt(delivery.endpoint.secret)
    body = body_of(delivery)
    sent = headers(secret, delivery.id, now(), body) | {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    try:
        return context.runtime.egress.post(delivery.endpoint.url, body, sent), ""
    except AddressRefused as error:
        return None, error.code
    except RequestFailed as error:
        return None, error.cause


def _arrived(delivery: WebhookDelivery) -> None:
    delivery.state, delivery.next_at = DeliveryState.DELIVERED, None
    delivery.endpoint.failing_since = None


def _missed(session: "UnitOfWork", delivery: WebhookDelivery) -> None:
    endpoint = delivery.endpoint
    if delivery.status_code == HTTPStatus.GONE:  # the receiver wants no more, says Standard Webhooks
        endpoint.active = False
        session.flush()
    wait = wait_after(delivery.attempts)
    if wait is not None and endpoint.active and endpoint.failing_since is None:
        delivery.next_at = now() + wait
        enqueue(session, DELIVER, run_at=delivery.next_at, delivery_id=delivery.id)
        return
    delivery.state, delivery.next_at = DeliveryState.FAILED, None
    session.refresh(endpoint, with_for_update=True)  # of several messages given up at once, one tells
    if endpoint.failing_since is None:
        endpoint.failing_since = now()
        emit(session, WebhookFailing(endpoint.id, endpoint.name, endpoint.url))


def _excerpt(body: bytes) -> str:
    """The beginning of an answer as text that can be stored and shown."""
    return body.decode("utf-8", "replace").replace("\0", "�")[:EXCERPT_CHARACTERS]


def _sweep(context: JobContext) -> None:
    """Forget messages of a month ago."""
    context.session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < now() - KEPT_FOR))


# A delivery's own attempts are counted in its row; the job is repeated only when we ourselves fail.
DELIVER = Job("core.deliver_webhook", _deliver, timeout_seconds=60)
SWEEP = Job("core.sweep_webhook_deliveries", _sweep)
JOBS = (DELIVER, SWEEP)
SCHEDULES = (Schedule(SWEEP, "29 3 * * *", spread_seconds=3600),)
