"""What a process holds: settings, database, queue, modules. Built once at start and handed down; nothing is global."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property

from redis import Redis

from guildhall.core.crypto import Vault
from guildhall.core.db import Database
from guildhall.core.egress import Egress
from guildhall.core.house import House, Platform
from guildhall.core.jobs.wake import Bell
from guildhall.core.registry import Registry
from guildhall.core.settings import Settings
from guildhall.core.storage import Storage, storage_from

REDIS_TIMEOUT_SECONDS = 1.0
Speak = Callable[[House, str], AbstractContextManager[None]]


@dataclass
class Runtime:
    """Long-lived parts of a process.

    `speak` is set by whoever runs jobs: it makes gettext and templates speak a language outside a request.
    """

    settings: Settings
    registry: Registry
    speak: Speak = field(default=lambda _house, _locale: nullcontext())
    egress: Egress = field(default_factory=Egress)

    @classmethod
    def build(cls, settings: Settings, registry: Registry | None = None) -> "Runtime":
        return cls(settings, registry or Registry.load())

    @cached_property
    def db(self) -> Database:
        """As the role that serves requests."""
        return self._database(self.settings.database_url)

    @cached_property
    def owner_db(self) -> Database:
        """As the role that owns schemas; for migrations and provisioning alone."""
        return self._database(self.settings.owner_database_url)

    @cached_property
    def redis(self) -> Redis:
        """Fails fast: whatever it holds can be lost, so nobody waits for it."""
        return Redis.from_url(
            self.settings.redis_url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS
        )

    @cached_property
    def bell(self) -> Bell:
        return Bell(self.redis)

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.settings.secret_key)

    @cached_property
    def storage(self) -> Storage:
        return storage_from(self.settings)

    @cached_property
    def platform(self) -> Platform:
        return Platform(self.settings.base_url)

    @contextmanager
    def speaking(self, house: House, locale: str = "") -> Iterator[None]:
        """Words and templates in this language, or in the house's own."""
        with self.speak(house, locale or house.locale):
            yield

    def close(self) -> None:
        for name in ("db", "owner_db", "redis"):
            held = self.__dict__.pop(name, None)
            if held is not None:
                (held.dispose if isinstance(held, Database) else held.close)()

    def _database(self, url: str) -> Database:
        s = self.settings
        return Database(
            url,
            registry=self.registry,
            on_work=self.bell.ring,
            statement_timeout_ms=s.statement_timeout_ms,
            lock_timeout_ms=s.lock_timeout_ms,
            pool_size=s.pool_size,
            recycle_after=s.pool_recycle_tenants,
        )
