"""The whole embedded stack in one object, and the environment that points Guildhall at it."""

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from guildhall.server.local.daemon import AlreadyRunningError
from guildhall.server.local.postgres import EmbeddedPostgres
from guildhall.server.local.valkey import EmbeddedValkey

DATABASE = "guildhall"
APP_ROLE = "guildhall_app"
OWNER_ROLE = "guildhall_owner"


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
        _write_private(path, asdict(made))
        return made


class LocalStack:
    """PostgreSQL and Valkey in one folder.

    `fresh` throws away what an earlier run left; `fsync=False` is for tests. The roles and the database that the URLs
    name are not made here: `superuser_url` is for whoever bootstraps them.
    """

    def __init__(self, folder: Path, *, fresh: bool = False, fsync: bool = True) -> None:
        self.folder = folder.resolve()
        self.postgres = EmbeddedPostgres(self.folder / "postgres", fsync=fsync)
        self.valkey = EmbeddedValkey(self.folder / "valkey")
        if self.postgres.in_use():
            raise AlreadyRunningError(f"A stack already runs on {self.folder}; stop that one first.")
        if fresh and self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.credentials = Credentials.of(self.folder)

    def start(self) -> Self:
        """Start everything and wait until all of it answers; on an error nothing stays running. Call it from the main
        thread: the servers end with the thread that started them.
        """
        try:
            self.postgres.launch()
            self.valkey.launch()
            self.postgres.wait_ready()
            self.valkey.wait_ready()
        except BaseException:
            self.stop()
            raise
        _write_private(_environment_file(self.folder), self.environment)
        return self

    def stop(self) -> None:
        """Stop everything, the database last."""
        _environment_file(self.folder).unlink(missing_ok=True)
        self.valkey.stop()
        self.postgres.stop()

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
            "GUILDHALL_STORAGE_PATH": str(self.folder / "storage"),
        }


def running_environment(folder: Path) -> dict[str, str] | None:
    """The environment of the stack that a process runs on `folder` now, for commands beside it; None if none does."""
    try:
        environment: dict[str, str] = json.loads(_environment_file(folder.resolve()).read_text())
    except FileNotFoundError:
        return None
    return environment if EmbeddedPostgres(folder / "postgres").in_use() else None


def _environment_file(folder: Path) -> Path:
    return folder / "environment.json"


def _write_private(path: Path, content: dict[str, Any]) -> None:
    """Readable by this user alone from its first byte."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
        json.dump(content, file, indent=2)
