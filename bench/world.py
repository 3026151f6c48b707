"""What is measured against: an installation of its own, with as many associations as a row asks for."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from guildhall.console.onboarding import Order, onboard
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import DATABASE, LocalStack
from guildhall.server.process import Process
from tenants.provisioning import build_spare
from tenants.registry import Tenant

QUICK = os.environ.get("QUICK") == "1"
ALPHABET = "bdfghjkmpqrtvxyz"


@dataclass
class World:
    """A running stack and a process on it; rows share its associations."""

    stack: LocalStack
    environment: dict[str, str]
    process: Process
    tenants: list[Tenant] = field(default_factory=list)

    @property
    def runtime(self) -> Runtime:
        return self.process.runtime

    @property
    def fleet_size(self) -> int:
        return 200 if QUICK else 1000

    def order(self) -> Order:
        number, word = len(self.tenants) + 1, ""
        while number:
            number, rest = divmod(number, len(ALPHABET))
            word += ALPHABET[rest]
        return Order(name=f"Bench {word}", slug=f"bench-{word}", admin_email=f"{word}@bench.example")

    def onboard(self) -> float:
        """One more association as the console makes it, its administrator invited; how many milliseconds it took."""
        done = onboard(self.runtime, self.process.tenants, self.order())
        self.tenants.append(done.tenant)
        return done.elapsed_ms

    def grow(self, size: int) -> list[Tenant]:
        """At least this many associations."""
        while len(self.tenants) < size:
            self.onboard()
        return self.tenants[:size]

    def build_spares(self, count: int) -> None:
        for _ in range(count):
            build_spare(self.runtime)

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.stack.postgres.url(database=DATABASE), autocommit=True) as connection:
            yield connection


@contextmanager
def world() -> Iterator[World]:
    """A fresh installation that is gone afterwards. It writes through to the disk, as a real one does."""
    with tempfile.TemporaryDirectory(prefix="guildhall-bench-") as folder, LocalStack(Path(folder)) as stack:
        # Logs would drown the table, and are no part of what is measured.
        environment = stack.environment | {"GUILDHALL_MODE": "test", "GUILDHALL_LOG_LEVEL": "ERROR"}
        process = Process.of(Settings.from_environ(environment))
        prepare(stack, process.runtime)
        yield World(stack, environment, process)
        process.close()
