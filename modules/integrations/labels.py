"""States and failures as people read them."""

from guildhall.core.egress import AddressRefused, Failure
from guildhall.core.i18n import _, _l
from guildhall.core.web.context import runtime
from guildhall.core.web.view import State, Tone
from guildhall.core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from guildhall.core.webhooks.services import PING

DELIVERY_LABELS = {
    DeliveryState.WAITING: _l("On its way"),
    DeliveryState.DELIVERED: _l("Arrived"),
    DeliveryState.FAILED: _l("Given up"),
}
_TONES: dict[DeliveryState, Tone] = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.DELIVERED: "good",
    DeliveryState.FAILED: "wrong",
}
_FAILURES = {
    Failure.HOST: _l("This host name does not exist."),
    Failure.CONNECTION: _l("No connection could be made."),
    Failure.CERTIFICATE: _l("Its certificate is not valid."),
    Failure.TIME: _l("It took too long to answer."),
    AddressRefused.code: AddressRefused.message,
}


def delivery_state(row: WebhookDelivery) -> State:
    state = DeliveryState(row.state)
    return State(DELIVERY_LABELS[state], _TONES[state])


def endpoint_state(row: WebhookEndpoint) -> State:
    if not row.active:
        return State(_("Switched off"), "neutral", "ban")
    return State(_("Does not answer"), "wrong") if row.failing_since else State(_("Switched on"), "good")


def failure(row: WebhookDelivery) -> str:
    """Why no answer came, or nothing."""
    return str(_FAILURES[row.error]) if row.error else ""


def fact_label(name: str) -> str:
    """A fact in words; its name where its module is no longer installed."""
    if name == PING:
        return str(_("Test message"))
    fact = runtime().registry.public_facts.get(name)
    return str(fact.label or name) if fact else name
