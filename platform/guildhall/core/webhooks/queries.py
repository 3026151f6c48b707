"""Reads."""

from uuid import UUID

from sqlalchemy import Select, select

from guildhall.core.webhooks.models import WebhookDelivery, WebhookEndpoint


def endpoints() -> Select[WebhookEndpoint]:
    """All of a house, by name."""
    return select(WebhookEndpoint).order_by(WebhookEndpoint.name, WebhookEndpoint.id)


def deliveries(endpoint_id: UUID, *, state: str = "") -> Select[WebhookDelivery]:
    """An endpoint's log, newest first."""
    statement = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if state:
        statement = statement.where(WebhookDelivery.state == state)
    return statement.order_by(WebhookDelivery.id.desc())
