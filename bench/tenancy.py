"""Onboarding, fleet migration, export, and what a connection keeps: the promises of the tenants floor."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

from sqlalchemy import text

from bench.rows import Row, percentile, row
from bench.world import QUICK, World
from guildhall.core.module import Category, Module
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from tenants.archive import export_tenant
from tenants.fleet import migrate_fleet
from tenants.registry import Tenant

ROUNDS = 30 if QUICK else 60
RUNS = 3  # a figure that one hiccup of the machine decides is the median of so many


@row
def onboarding_without_a_spare(world: World) -> Iterator[Row]:
    """The whole schema is built, of all installed modules."""
    world.onboard()  # compiles the steps, opens connections
    times = [world.onboard() for _ in range(ROUNDS // 2)]
    yield Row("[provision] no spare, p95", percentile(times, 0.95), "ms", 300)


@row
def onboarding_with_a_spare(world: World) -> Iterator[Row]:
    """Claim, seed and invitation, in one commit."""
    world.onboard()
    p95 = []
    for _ in range(RUNS):
        world.build_spares(ROUNDS)
        p95.append(percentile([world.onboard() for _ in range(ROUNDS)], 0.95))
    yield Row(f"[provision] onboard, spare ready, p95, median of {RUNS} runs", statistics.median(p95), "ms", 25)


@row
def migration_of_the_fleet(world: World) -> Iterator[Row]:
    """A column and an index more in every association, while people read pages of theirs."""
    size = world.fleet_size
    world.grow(size)
    with tempfile.TemporaryDirectory() as folder, _later(world, Path(folder)) as runtime:
        with _page_load(world) as load:
            report = migrate_fleet(runtime)
        assert not report.failures, report.failures
        seconds = report.elapsed_seconds
        yield Row(f"[migrate] {report.migrated} associations under page load", seconds, "s", 5 * size / 1000)
        yield Row("[migrate] requests that failed meanwhile", load.failed, f"of {load.answered}", 0)
        started = time.perf_counter()
        again = migrate_fleet(runtime)
        yield Row(f"[migrate] no-op over {again.skipped}", time.perf_counter() - started, "s", 1)


@dataclass
class Load:
    answered: int = 0
    failed: int = 0


@contextmanager
def _page_load(world: World) -> Iterator[Load]:
    """A web process whose one visitor opens the front pages of all houses, one after another."""
    load = Load()
    command = [sys.executable, "-m", "bench.load", *(tenant.host for tenant in world.tenants)]
    environment = os.environ | world.environment
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as visitor:  # noqa: S603 - ours
        assert visitor.stdout is not None
        assert visitor.stdout.readline() == "ready\n"
        yield load
        said, _ = visitor.communicate("")
    load.answered, load.failed = itemgetter("answered", "failed")(json.loads(said))


REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "bench_0001"
down_revision = None
branch_labels = ("bench",)

def upgrade() -> None:
    op.add_column("core_job", sa.Column("bench", sa.String()))
    op.create_index("ix_core_job_bench", "core_job", ["bench"])
"""


@contextmanager
def _later(world: World, folder: Path) -> Iterator[Runtime]:
    """A process that has one module more, with one revision."""
    (folder / "0001.py").write_text(REVISION)
    said = {"label": "Bench", "description": "", "icon": "clock", "version": "1", "package": "bench"}
    module = Module(name="bench", category=Category.BASE, migrations=folder, **said)
    runtime = Runtime.build(world.runtime.settings, Registry((*world.runtime.registry.modules, module)))
    yield runtime
    runtime.close()


READ_BY_PAGES = (
    "accounts_session",
    "accounts_person",
    "accounts_role",
    "accounts_role_assignment",
    "core_setting",
    "core_job",
    "core_audit_head",
    "core_audit_entry",
)


EVERY_TABLE = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
COUNTED = "mean of a backend's own memory (Anonymous in smaps: no shared buffers, no code), read after every tenth"


@row
def memory_of_a_connection(world: World) -> Iterator[Row]:
    """What the catalog of ever more associations takes in the backends of one pool, which closes them now and then."""
    houses = world.grow(world.fleet_size)
    with world.runtime.db.begin(houses[0]) as session:
        every = tuple(session.scalars(text(EVERY_TABLE)))
    for name, tables, target in (("a signed-in page's tables", READ_BY_PAGES, 25), ("every table", every, None)):
        measured = _memory_after(world, houses, tables)
        note = f"{len(tables)} tables of each read once; {COUNTED}"
        yield Row(f"[memory] connection, {len(houses)} associations, {name}", measured, "MB", target, note=note)


def _memory_after(world: World, houses: list[Tenant], tables: Iterable[str]) -> float:
    """Megabytes of a backend, on average over the way through all associations."""
    world.runtime.db.dispose()
    reads = "; ".join(f"SELECT 1 FROM {table} LIMIT 1" for table in tables)  # noqa: S608 - the product's own
    samples = []
    for number, house in enumerate(houses):
        with world.runtime.db.begin(house) as session:
            session.connection().exec_driver_sql(reads)
        if number % 10 == 0:
            samples += _backends_mb(world)
    return sum(samples) / len(samples)


def _backends_mb(world: World) -> list[float]:
    with world.superuser() as connection:
        pids = connection.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'guildhall_app'").fetchall()
    return [_private_mb(pid) for (pid,) in pids]


def _private_mb(pid: int) -> float:
    """A process's own memory, without shared buffers: a page of those passes for private where one alone touched it."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


@row
def export_of_an_empty_association(world: World) -> Iterator[Row]:
    tenants = world.grow(world.fleet_size)
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for tenant in tenants[: ROUNDS // 2]:
            started = time.perf_counter()
            export_tenant(world.runtime, tenant.id, Path(folder) / "house.zip")
            times.append((time.perf_counter() - started) * 1000)
    yield Row(f"[export] one empty association of {len(world.tenants)}, p95", percentile(times, 0.95), "ms", 200)
