"""The whole embedded stack in one object, and the environment that points Guildhall at it."""

import json
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from guildhall.server.local.daemon import AlreadyRunningError
from guildhall.server.local.environment import environment_file, write_private
from guildhall.server.local.mail import MailCatcher
from guildhall.server.local.postgres import EmbeddedPostgres
from guildhall.server.local.stripe import StripeSimulator
from guildhall.server.local.valkey import EmbeddedValkey

DATABASE = "guildhall"
APP_ROLE = "guildhall_app"
OWNER_ROLE = "guildhall_owner"
STRIPE_KEY = "sk_test_guildhall"  # the simulator takes any test key


@dataclass(frozen=True)
class Ports:
    """Loopback ports to prefer; one that is taken, or 0, becomes a free one."""

    inbox: int = 0
    smtp: int = 0
    stripe: int = 0


DEMO_PORTS = Ports(inbox=8025, smtp=1025, stripe=12111)


@dataclass(frozen=True)
class Credentials:
    """Secrets of one stack: made once and kept in its folder, so that sessions and settings outlive a restart."""

    app_password: str = field(default_factory=secrets.token_urlsafe)
    owner_password: str = field(default_factory=secrets.token_urlsafe)
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    stripe_webhook_secret: str = field(default_factory=lambda: f"whsec_{secrets.token_urlsafe(24)}")

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Those kept in `folder`; made now if it has none."""
        path = folder / "credentials.json"
        if path.exists():
            return cls(**json.loads(path.read_text()))
        made = cls()
        write_private(path, asdict(made))
        return made


class LocalStack:
    """PostgreSQL, Valkey, the mail catcher and the Stripe simulator, with all they keep in one folder.

    The latter two live in threads of this process: `mail` and `stripe` are at hand for tests. `fresh` throws away
    what an earlier run left; `fsync=False` is for tests. The roles and the database that the URLs name are not made
    here: `superuser_url` is for whoever bootstraps them.
    """

    def __init__(self, folder: Path, *, fresh: bool = False, fsync: bool = True, ports: Ports = Ports()) -> None:
        self.folder = folder.resolve()
        self.postgres = EmbeddedPostgres(self.folder / "postgres", fsync=fsync)
        self.valkey = EmbeddedValkey(self.folder / "valkey")
        if self.postgres.in_use():
            raise AlreadyRunningError(f"A stack already runs on {self.folder}; stop that one first.")
        if fresh and self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.credentials = Credentials.of(self.folder)
        self.mail = MailCatcher(self.folder / "mail", ports.smtp, ports.inbox)
        self.stripe = StripeSimulator(self.folder / "stripe.json", ports.stripe)

    def start(self) -> Self:
        """Start everything and wait until all of it answers; on an error nothing stays running. Call it from the main
        thread: the servers end with the thread that started them.
        """
        try:
            self.postgres.launch()
            self.valkey.launch()
            self.mail.start()
            self.stripe.start()
            self.postgres.wait_ready()
            self.valkey.wait_ready()
        except BaseException:
            self.stop()
            raise
        write_private(environment_file(self.folder), self.environment)
        return self

    def stop(self) -> None:
        """Stop everything, the database last."""
        environment_file(self.folder).unlink(missing_ok=True)
        self.stripe.stop()
        self.mail.stop()
        self.valkey.stop()
        self.postgres.stop()

    def deliver_webhooks(self, url: str, *, connect: bool = False) -> None:
        """Let the Stripe simulator send its events to `url`, signed with the secret in the environment."""
        self.stripe.add_webhook(url, self.credentials.stripe_webhook_secret, connect=connect)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def superuser_url(self) -> str:
        """To make roles, the database and its extensions."""
        return self.postgres.url()

    @property
    def environment(self) -> dict[str, str]:
        """The `GUILDHALL_…` variables of a process that is to use this stack."""
        keys = self.credentials
        return {
            "GUILDHALL_DATABASE_URL": self.postgres.url(APP_ROLE, DATABASE, keys.app_password),
            "GUILDHALL_OWNER_DATABASE_URL": self.postgres.url(OWNER_ROLE, DATABASE, keys.owner_password),
            "GUILDHALL_REDIS_URL": self.valkey.url(),
            "GUILDHALL_SECRET_KEY": keys.secret_key,
            "GUILDHALL_SMTP_URL": self.mail.smtp_url,
            "GUILDHALL_STRIPE_SECRET_KEY": STRIPE_KEY,
            "GUILDHALL_STRIPE_API_BASE": self.stripe.url,
            "GUILDHALL_STRIPE_WEBHOOK_SECRET": keys.stripe_webhook_secret,
            "GUILDHALL_STORAGE_PATH": str(self.folder / "storage"),
        }
