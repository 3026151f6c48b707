"""Verbs: set up an endpoint, change it, try it, send a message again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import Vault
from guildhall.core.egress import Egress
from guildhall.core.errors import DomainError, Invalid
from guildhall.core.i18n import _l
from guildhall.core.ids import uuid7
from guildhall.core.jobs.queue import enqueue
from guildhall.core.webhooks.deliveries import DELIVER, queue_message
from guildhall.core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from guildhall.core.webhooks.signing import new_secret

if TYPE_CHECKING:
    from guildhall.core.db import UnitOfWork

PING = "webhook.ping"


class EndpointSwitchedOff(DomainError):
    code = "webhook_switched_off"
    message = _l("This webhook is switched off. Switch it on first.")


def create_endpoint(
    session: "UnitOfWork", vault: Vault, egress: Egress, *, name: str, url: str, facts: Sequence[str]
) -> tuple[WebhookEndpoint, str]:
    """Set up an endpoint. Returns it with its secret, which is not shown again.

    Raises:
        Invalid: the address cannot be used, or a fact is not public; with the field.
    """
    _check(session, egress, url, facts)
    secret = new_secret()
    endpoint = WebhookEndpoint(name=name, url=url, secret=vault.encrypt(secret), facts=sorted(set(facts)))
    session.add(endpoint)
    session.flush()
    audit.record(
        session, "core.webhook_created", endpoint, changes={"url": [None, url], "facts": [None, endpoint.facts]}
    )
    return endpoint, secret


def change_endpoint(
    session: "UnitOfWork",
    egress: Egress,
    endpoint: WebhookEndpoint,
    *,
    name: str,
    url: str,
    facts: Sequence[str],
    active: bool,
) -> None:
    """Change where it leads and what it hears. Whoever switches it on again believes that it works.

    Raises:
        Invalid: as for a new one.
    """
    _check(session, egress, url, facts)
    values = {"name": name, "url": url, "facts": sorted(set(facts)), "active": active}
    changes = {key: [getattr(endpoint, key), value] for key, value in values.items() if getattr(endpoint, key) != value}
    for key, value in values.items():
        setattr(endpoint, key, value)
    if "url" in changes or (active and "active" in changes):
        endpoint.failing_since = None
    session.flush()
    audit.record(session, "core.webhook_changed", endpoint, changes=changes)


def rotate_secret(session: "UnitOfWork", vault: Vault, endpoint: WebhookEndpoint) -> str:
    """Give an endpoint a new secret; the old one stops at once. Returns it: it is not shown again."""
    secret = new_secret()
    endpoint.secret = vault.encrypt(secret)
    session.flush()
    audit.record(session, "core.webhook_secret_rotated", endpoint)
    return secret


def delete_endpoint(session: "UnitOfWork", endpoint: WebhookEndpoint) -> None:
    """Remove an endpoint and its log."""
    audit.record(session, "core.webhook_deleted", endpoint, changes={"url": [endpoint.url, None]})
    session.delete(endpoint)
    session.flush()


def disconnect(session: "UnitOfWork") -> None:
    """Switch every endpoint off and give up what waits: for a copy, whose receivers are the original's."""
    session.execute(update(WebhookEndpoint).values(active=False))
    waiting = update(WebhookDelivery).where(WebhookDelivery.state == DeliveryState.WAITING)
    session.execute(waiting.values(state=DeliveryState.FAILED, next_at=None))


def ping(session: "UnitOfWork", endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Send a message that says nothing, to see whether it arrives.

    Raises:
        EndpointSwitchedOff
    """
    if not endpoint.active:
        raise EndpointSwitchedOff
    audit.record(session, "core.webhook_pinged", endpoint)
    return queue_message(session, endpoint, PING, {"endpoint": endpoint.name}, event_id=uuid7())


def resend(session: "UnitOfWork", delivery: WebhookDelivery) -> None:
    """Send a message again, under the same id: a receiver that had it already will know.

    Raises:
        EndpointSwitchedOff
    """
    if not delivery.endpoint.active:
        raise EndpointSwitchedOff
    delivery.state, delivery.next_at = DeliveryState.WAITING, now()
    session.flush()
    enqueue(session, DELIVER, delivery_id=delivery.id)
    audit.record(session, "core.webhook_resent", delivery, label=delivery.fact)


def _check(session: "UnitOfWork", egress: Egress, url: str, facts: Sequence[str]) -> None:
    try:
        egress.check(url)
    except DomainError as error:
        raise Invalid(fields={"url": str(error)}) from error
    if not facts or not set(facts) <= session.registry.public_facts.keys():
        raise Invalid(fields={"facts": _l("Choose what this address is to hear of.")})
