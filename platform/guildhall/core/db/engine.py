"""Engine whose every transaction begins inside one schema.

`BEGIN; SET LOCAL ROLE …; SET LOCAL search_path …` goes out in one round trip. The settings end with the transaction, so
nothing leaks to the next one, behind a pooler in transaction mode either; session-level SET is never used.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from guildhall.core.db.scope import enter_statement
from guildhall.core.db.unit import UnitOfWork
from guildhall.core.house import House, Scope
from guildhall.core.observability import metrics, queries

if TYPE_CHECKING:
    from guildhall.core.identity import Actor
    from guildhall.core.registry import Registry

CONNECT_TIMEOUT_SECONDS = 2


class NoScopeError(RuntimeError):
    """A transaction was begun without saying whose it is."""


class Database:
    """Connections under one login role.

    Args:
        url: `postgresql://…`; the driver is always psycopg 3.
        registry: the installed modules, handed to each unit of work.
        on_work: called with a house's id after a commit that wrote jobs for it.
        statement_timeout_ms, lock_timeout_ms: set in each transaction.
        pool_size: connections kept; no more than these are opened.
        recycle_after: a connection is closed after it has seen this many schemas, since a backend keeps the catalog
            entries of every table that it ever touched (about 30 kB each).
    """

    def __init__(
        self,
        url: str,
        *,
        registry: "Registry | None" = None,
        on_work: Callable[[UUID], None] = lambda _house_id: None,
        statement_timeout_ms: int = 15_000,
        lock_timeout_ms: int = 5_000,
        pool_size: int = 4,
        recycle_after: int = 100,
    ) -> None:
        self.url = url
        self.registry = registry
        self._on_work = on_work
        limits = {"statement_timeout": statement_timeout_ms, "lock_timeout": lock_timeout_ms}
        self._limits = "; ".join(f"SET LOCAL {name} = {int(value)}" for name, value in limits.items())
        self._recycle_after = recycle_after
        self.engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=CONNECT_TIMEOUT_SECONDS,
            hide_parameters=True,  # an error's text goes to the log, and what people typed does not
            # One statement is prepared nowhere: a plan made in one schema is useless in the next, and poolers lose it.
            connect_args={"autocommit": True, "prepare_threshold": None, "connect_timeout": CONNECT_TIMEOUT_SECONDS},
        )
        queries.watch(self.engine)
        metrics.watch_pool(self.engine, str(self.engine.url.username))
        event.listen(self.engine, "begin", self._begin)
        event.listen(self.engine, "checkin", self._checkin)
        self._engine_of = lru_cache(maxsize=512)(self._bind)

    def unit(self, house: House, actor: "Actor | None" = None) -> UnitOfWork:
        """A unit of work in a house. The caller commits and closes it."""
        return UnitOfWork(
            self._engine_of(house.scope), house=house, actor=actor, registry=self.registry, on_work=self._on_work
        )

    @contextmanager
    def begin(self, house: House, actor: "Actor | None" = None) -> Iterator[UnitOfWork]:
        """A unit of work that commits when the block ends, and keeps nothing when it raises."""
        with self.unit(house, actor) as session:
            yield session
            session.commit()

    @contextmanager
    def connect(self, scope: Scope) -> Iterator[Connection]:
        """A Core connection in a transaction in one schema; for migrations, exports and the like."""
        with self._engine_of(scope).begin() as connection:
            yield connection

    def dispose(self) -> None:
        self.engine.dispose()

    def _bind(self, scope: Scope) -> Engine:
        return self.engine.execution_options(scope=scope)

    def _begin(self, connection: Connection) -> None:
        scope = connection.get_execution_options().get("scope")
        if not isinstance(scope, Scope):
            msg = "a transaction needs a house: use Database.begin(house)"
            raise NoScopeError(msg)
        statement = f"BEGIN; {enter_statement(scope)}; {self._limits}"
        try:
            self._driver(connection).execute(statement)
        except psycopg.OperationalError:
            # The server went away while the connection lay in the pool. Nothing has been sent yet, so try a new one.
            connection.invalidate()
            self._driver(connection).execute(statement)
        seen = connection.connection.info.setdefault("schemas", set())
        seen.add(scope.schema)

    @staticmethod
    def _driver(connection: Connection) -> psycopg.Connection[Any]:
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        return driver

    def _checkin(self, _connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if len(record.info.get("schemas", ())) >= self._recycle_after:
            record.invalidate(soft=True)
