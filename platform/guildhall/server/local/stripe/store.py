"""Where the simulator keeps its objects: one space per account, in memory, saved to a JSON file."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe

from guildhall.server.local.stripe.errors import missing
from guildhall.server.local.stripe.objects import Object, make, render

PLATFORM = ""  # the account whose secret key is used, as against those connected to it


@dataclass
class Store:
    """All accounts' objects, and the answers given under idempotency keys."""

    path: Path | None = None
    base_url: str = ""
    spaces: dict[str, dict[str, dict[str, Object]]] = field(default_factory=dict)
    replies: dict[str, Any] = field(default_factory=dict)
    dirty: bool = False
    announce: Callable[["Space", Object], None] = lambda _space, _event: None

    def load(self) -> None:
        """Take up what an earlier run saved."""
        if self.path is not None and self.path.exists():
            saved = json.loads(self.path.read_text())
            self.spaces, self.replies = saved["spaces"], saved["replies"]

    def save(self) -> None:
        """Write everything; the file is whole at every moment."""
        if self.path is not None:
            unfinished = self.path.with_suffix(".part")
            unfinished.write_text(json.dumps({"spaces": self.spaces, "replies": self.replies}))
            unfinished.replace(self.path)
        self.dirty = False


@dataclass
class Space:
    """One account's objects: what a request sees. `request` is what its events say of their cause."""

    store: Store
    account: str = PLATFORM
    request: Object = field(default_factory=lambda: {"id": None, "idempotency_key": None})

    @property
    def platform(self) -> "Space":
        return Space(self.store, PLATFORM, self.request)

    @property
    def base_url(self) -> str:
        return self.store.base_url

    def table(self, kind: str) -> dict[str, Object]:
        """Id → object, oldest first."""
        return self.store.spaces.setdefault(self.account, {}).setdefault(kind, {})

    def now(self, customer_id: str | None = None) -> int:
        """The time in seconds: the test clock's for a customer that has one."""
        customer = self.table("customer").get(customer_id or "")
        clock = self.table("test_helpers.test_clock").get((customer or {}).get("test_clock") or "")
        return int(clock["frozen_time"]) if clock else int(time.time())

    def make(self, kind: str, **fields: Any) -> Object:
        """A new object that is not kept by itself: part of another, or a preview."""
        return make(kind, self.now(fields.get("customer")), **fields)

    def add(self, kind: str, **fields: Any) -> Object:
        """A new object, kept."""
        made = self.make(kind, **fields)
        self.table(kind)[made["id"]] = made
        return made

    def get(self, kind: str, object_id: str, param: str = "id") -> Object:
        """The object, or Stripe's `resource_missing`."""
        found = self.table(kind).get(object_id)
        if found is None:
            raise missing(kind.rpartition(".")[2].replace("_", ""), object_id, param)
        return found

    def find(self, object_id: str) -> Object | None:
        """Whatever object has that id."""
        tables = self.store.spaces.get(self.account, {}).values()
        found = next((table[object_id] for table in tables if object_id in table), None)
        return found or self.store.spaces.get(PLATFORM, {}).get("account", {}).get(object_id)

    def all(self, kind: str, **equal: Any) -> list[Object]:
        """Oldest first; only those whose fields equal what is given."""
        return [
            thing
            for thing in self.table(kind).values()
            if all(thing.get(name) == value for name, value in equal.items())
        ]

    def emit(self, event_type: str, thing: Object, previous: Object | None = None) -> None:
        """Note that something happened to `thing` and tell the webhook endpoints once the request is done."""
        data: Object = {"object": render(thing, [], self.find)}
        if previous is not None:
            data["previous_attributes"] = previous
        version = stripe.api_version
        event = self.add(
            "event", type=event_type, api_version=version, data=data, request=self.request, pending_webhooks=1
        )
        if self.account != PLATFORM:
            event["account"] = self.account
        else:
            event.pop("account", None)
        self.store.dirty = True
        self.store.announce(self, event)
