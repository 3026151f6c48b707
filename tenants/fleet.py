"""Bringing every association's schema to the newest revisions.

Who is behind is read from the registry in one query, so a run with nothing to do is over at once. Each schema is
migrated in a transaction of its own, which writes the registry's row too: it is done or it is not, a run that was
killed is simply started again, and two runs at once do each other's work no harm. Locks are waited for briefly and
asked for again, since whoever waits for a lock holds up the requests behind him. A schema that fails is reported, and
the others go on. Data migrations do not belong here: they are jobs (docs/migrations.md).
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Connection, Table, select, update

from guildhall.core.clock import now
from guildhall.core.db import Database
from guildhall.core.observability import metrics
from guildhall.core.runtime import Runtime
from tenants import schemas
from tenants.models import FleetRun, SpareSchema, TenantRow, TenantStatus

log = structlog.get_logger(__name__)
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 300_000
PAUSES_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0)

TENANTS: Table = TenantRow.__table__  # type: ignore[assignment]
SPARES: Table = SpareSchema.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Target:
    """A schema that is behind, and the table of the registry that it stands in."""

    id: UUID
    schema: str
    table: Table


@dataclass(frozen=True, slots=True)
class Failure:
    schema: str
    error: str


@dataclass(slots=True)
class FleetReport:
    """What a run did. `skipped` were current when it began, or were brought along by somebody else."""

    migrated: int = 0
    skipped: int = 0
    failures: list[Failure] = field(default_factory=list)
    elapsed_seconds: float = 0.0


Progress = Callable[[int, int], None]


def migrate_fleet(
    runtime: Runtime, *, workers: int = 2, on_progress: Progress = lambda _done, _total: None
) -> FleetReport:
    """Migrate all associations but purged ones, and the spares, over a few connections.

    Writes a `FleetRun`. `on_progress` is called in this thread, after each schema.
    """
    started = time.perf_counter()
    report = FleetReport()
    tried: set[Target] = set()
    with _patient_db(runtime, workers) as db:
        run_id = _begin_run(runtime, db)
        targets, report.skipped = _behind(runtime, db)
        with ThreadPoolExecutor(workers, "fleet") as pool:
            while targets:
                outcomes = pool.map(partial(_migrate_patiently, runtime, db), targets)
                for done, outcome in enumerate(outcomes, 1):
                    _count(report, outcome)
                    on_progress(done, len(targets))
                # A process of the version before may have onboarded somebody meanwhile, onto an old spare.
                tried.update(targets)
                targets = [target for target in _behind(runtime, db)[0] if target not in tried]
        report.elapsed_seconds = time.perf_counter() - started
        _end_run(runtime, db, run_id, report)
    return report


@contextmanager
def _patient_db(runtime: Runtime, workers: int) -> Iterator[Database]:
    """Connections with the limits of a migration: it may work for long, and waits for locks briefly."""
    db = Database(
        runtime.settings.owner_database_url,
        registry=runtime.registry,
        statement_timeout_ms=STATEMENT_TIMEOUT_MS,
        lock_timeout_ms=LOCK_TIMEOUT_MS,
        pool_size=workers + 1,
        recycle_after=runtime.settings.pool_recycle_tenants,
    )
    try:
        yield db
    finally:
        db.dispose()


def _behind(runtime: Runtime, db: Database) -> tuple[list[Target], int]:
    """The schemas that lack something, spares last; and how many lack nothing."""
    heads = schemas.heads(runtime.registry)
    found: list[Target] = []
    current = 0
    with db.connect(schemas.PLATFORM_OWNER) as connection:
        for table in (TENANTS, SPARES):
            complete = table.c.revisions.contains(heads)
            statement = select(table.c.id, table.c.schema, complete).order_by(table.c.id)
            if table is TENANTS:
                statement = statement.where(table.c.status != TenantStatus.PURGED)
            for id_, schema, is_complete in connection.execute(statement):
                if is_complete:
                    current += 1
                else:
                    found.append(Target(id_, schema, table))
    return found, current


def _migrate_patiently(runtime: Runtime, db: Database, target: Target) -> Failure | bool:
    """Whether there was something to do; or what went wrong, after a few tries where waiting may help."""
    pauses = iter(PAUSES_SECONDS)
    while True:
        try:
            return _migrate(runtime, db, target)
        except Exception as error:  # noqa: BLE001 - one association's damage must not stop the others
            cause = getattr(error, "orig", None) or error
            pause = next(pauses, None) if _passes(cause) else None
            if pause is None:
                return _failed(target, cause)
        time.sleep(pause)


def _passes(cause: object) -> bool:
    """Whether trying again may help: a lock that others hold, a server that restarts; not a statement that is slow."""
    return isinstance(cause, psycopg.OperationalError) and not isinstance(cause, psycopg.errors.QueryCanceled)


def _migrate(runtime: Runtime, db: Database, target: Target) -> bool:
    with db.connect(schemas.PLATFORM_OWNER) as connection:
        revisions = _locked_revisions(connection, target)
        if revisions is None or not schemas.pending(runtime, revisions):
            return False
        revisions = schemas.upgrade(runtime, connection, target.schema, revisions)
        connection.execute(update(target.table).where(target.table.c.id == target.id).values(revisions=revisions))
    return True


def _locked_revisions(connection: Connection, target: Target) -> dict[str, str] | None:
    """Where the schema stands now; None when it has gone meanwhile (a spare that was claimed)."""
    table = target.table
    revisions: dict[str, str] | None = connection.scalar(
        select(table.c.revisions).where(table.c.id == target.id).with_for_update()
    )
    return revisions


def _failed(target: Target, cause: object) -> Failure:
    reason = f"{type(cause).__name__}: {cause}".splitlines()[0]
    log.error("migration_failed", schema=target.schema, error=reason)
    return Failure(target.schema, reason)


def _count(report: FleetReport, outcome: Failure | bool) -> None:
    if isinstance(outcome, Failure):
        report.failures.append(outcome)
        result = "failed"
    elif outcome:
        report.migrated += 1
        result = "migrated"
    else:
        report.skipped += 1
        result = "skipped"
    metrics.migrations.labels(result).inc()


def _begin_run(runtime: Runtime, db: Database) -> UUID:
    with db.begin(runtime.platform) as session:
        run = FleetRun(heads=schemas.heads(runtime.registry))
        session.add(run)
        session.flush()
        return run.id


def _end_run(runtime: Runtime, db: Database, run_id: UUID, report: FleetReport) -> None:
    values = {"done": report.migrated, "skipped": report.skipped, "failures": [asdict(f) for f in report.failures]}
    with db.begin(runtime.platform) as session:
        session.execute(update(FleetRun).where(FleetRun.id == run_id).values(finished_at=now(), **values))
