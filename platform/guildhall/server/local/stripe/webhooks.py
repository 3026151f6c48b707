"""Webhook endpoints, and the delivery of signed events to them."""

import hashlib
import hmac
import json
import queue
import secrets
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import urllib3

from guildhall.server.local.ports import LOOPBACK
from guildhall.server.local.stripe.contract import Params
from guildhall.server.local.stripe.faults import Faults
from guildhall.server.local.stripe.objects import Object
from guildhall.server.local.stripe.routes import fields_of, page, resource, route
from guildhall.server.local.stripe.store import PLATFORM, Space

RETRY_SECONDS = (0.5, 2.0, 10.0, 60.0, 600.0)
PATH = "/v1/webhook_endpoints"

resource("/v1/events", "event", "event", "retrieve")
resource(PATH, "webhook_endpoint", "webhook_endpoint", "list retrieve update delete")


@route(f"POST {PATH}", "webhook_endpoint_create")
def create_endpoint(space: Space, params: Params) -> Object:
    """The secret is in this answer and in no later one."""
    secret = f"whsec_{secrets.token_urlsafe(24)}"
    endpoint = space.add("webhook_endpoint", **{"metadata": {}, **fields_of(params, "connect")}, status="enabled")
    endpoint.update(_secret=secret, _connect=params.get("connect", False))
    return {**endpoint, "secret": secret}


@route("GET /v1/events", "event_list")
def list_events(space: Space, params: Params) -> Object:
    types = params.get("types") or ([params["type"]] if "type" in params else None)
    events = [event for event in space.all("event") if types is None or _matches(event["type"], types)]
    return page(events, params, "/v1/events")


def sign(payload: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


@dataclass(order=True)
class Delivery:
    """One event on its way to one endpoint."""

    due: float
    number: int
    url: str = field(compare=False)
    secret: str = field(compare=False)
    payload: bytes = field(compare=False)
    attempt: int = field(compare=False, default=0)


class Deliverer:
    """Sends events from a thread of its own, in order, and again after a while when the answer is not 2xx."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._queue: queue.PriorityQueue[Delivery] = queue.PriorityQueue()
        self._stop = threading.Event()
        self._number = 0
        self._held: list[Delivery] = []
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(10), retries=False)
        self._thread = threading.Thread(target=self._run, name="stripe-webhooks", daemon=True)

    def start(self) -> None:
        """Deliver from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; what was not delivered is lost, though it can still be read as an event."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def announce(self, space: Space, event: Object) -> None:
        """Send `event` to the endpoints that asked for it: the platform's, or those for connected accounts."""
        connected = space.account != PLATFORM
        payload = json.dumps(event, ensure_ascii=False).encode()
        for endpoint in space.platform.all("webhook_endpoint", status="enabled"):
            fits = endpoint["_connect"] in {connected, "both"} and _matches(event["type"], endpoint["enabled_events"])
            if fits:
                self._send_with_faults(Delivery(time.monotonic(), 0, endpoint["url"], endpoint["_secret"], payload))

    def _send_with_faults(self, delivery: Delivery) -> None:
        if self._faults.take("webhook_drop"):
            return
        delivery.due += self._faults.webhook_delay
        copies = 2 if self._faults.take("webhook_duplicate") else 1
        self._held += [
            Delivery(delivery.due, 0, delivery.url, delivery.secret, delivery.payload) for _ in range(copies)
        ]
        if self._faults.webhook_reorder > len(self._held):
            return
        if self._faults.webhook_reorder:
            self._held.reverse()
        for ready in self._held:
            ready.due = delivery.due  # from here on their order is that of this list
            self._put(ready)
        self._held = []

    def _put(self, delivery: Delivery) -> None:
        self._number += 1
        delivery.number = self._number
        self._queue.put(delivery)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                delivery = self._queue.get(timeout=0.05)
            except queue.Empty:
                continue
            wait = delivery.due - time.monotonic()
            if wait > 0:
                self._queue.put(delivery)
                self._stop.wait(min(wait, 0.05))
            elif not self._deliver(delivery) and delivery.attempt < len(RETRY_SECONDS):
                delivery.due = time.monotonic() + RETRY_SECONDS[delivery.attempt]
                delivery.attempt += 1
                self._queue.put(delivery)

    def _deliver(self, delivery: Delivery) -> bool:
        target = urlsplit(delivery.url)
        host = target.hostname or ""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Host": target.netloc,
            "Stripe-Signature": sign(delivery.payload, delivery.secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        # Browsers resolve *.localhost to loopback by themselves; many system resolvers do not.
        address = LOOPBACK if host == "localhost" or host.endswith(".localhost") else host
        url = target._replace(netloc=f"{address}:{target.port}" if target.port else address).geturl()
        try:
            return 200 <= self._http.request("POST", url, body=delivery.payload, headers=headers).status < 300
        except urllib3.exceptions.HTTPError:
            return False


def _matches(event_type: str, wanted: list[str]) -> bool:
    return any(
        name in {"*", event_type} or (name.endswith(".*") and event_type.startswith(name[:-1])) for name in wanted
    )
