"""The simulator as one object: start, stop, and where it is."""

import threading
import time
from pathlib import Path
from typing import Self

from guildhall.server.local.stripe import api, pages, portal, previews  # noqa: F401 - imported for their routes
from guildhall.server.local.stripe.api import Context
from guildhall.server.local.stripe.clocks import run_until
from guildhall.server.local.stripe.faults import Faults
from guildhall.server.local.stripe.store import Space, Store
from guildhall.server.local.stripe.webhooks import Deliverer
from guildhall.server.local.web import BackgroundServer, create_local_app

SAVE_SECONDS = 1.0


class StripeSimulator:
    """Stripe on a loopback port, kept in `path` (None: in memory only). A port that is taken becomes a free one."""

    def __init__(self, path: Path | None = None, port: int = 0) -> None:
        self.faults = Faults()
        self.store = Store(path)
        self.store.load()
        self._deliverer = Deliverer(self.faults)
        self.store.announce = self._deliverer.announce
        self._lock = threading.RLock()
        app = create_local_app("guildhall-stripe")
        app.extensions["stripe"] = Context(self.store, self.faults, self._lock)
        app.register_blueprint(api.blueprint)
        app.register_blueprint(pages.blueprint)
        self._server = BackgroundServer(app, port)
        self.store.base_url = self._server.url
        self._stopped = threading.Event()
        self._keeper = threading.Thread(target=self._keep_time, name="stripe-time", daemon=True)

    @property
    def url(self) -> str:
        """For `base_addresses={"api": …}`."""
        return self._server.url

    def start(self) -> Self:
        """Answer requests and send webhooks, from now on."""
        self._server.start()
        self._deliverer.start()
        self._keeper.start()
        return self

    def stop(self) -> None:
        """Stop and save."""
        self._stopped.set()
        self._server.stop()
        self._deliverer.stop()
        if self._keeper.is_alive():
            self._keeper.join()
        self._save()

    def add_webhook(self, url: str, secret: str, *, connect: bool = False) -> None:
        """Send all events to `url`, signed with `secret`; of connected accounts with `connect`. Twice is once."""
        with self._lock:
            space = Space(self.store)
            for known in space.all("webhook_endpoint", url=url, _connect=connect):
                del space.table("webhook_endpoint")[known["id"]]
            fields = {"enabled_events": ["*"], "status": "enabled", "_secret": secret, "_connect": connect}
            self.store.dirty = True
            space.add("webhook_endpoint", url=url, **fields)

    def _keep_time(self) -> None:
        """Once a second: renew what is due in real time, and save what has changed."""
        while not self._stopped.wait(SAVE_SECONDS):
            with self._lock:
                for account in list(self.store.spaces):
                    run_until(Space(self.store, account), None, int(time.time()))
            self._save()

    def _save(self) -> None:
        with self._lock:
            if self.store.dirty:
                self.store.save()
