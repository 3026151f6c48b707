"""Migrating every association, with real new revisions: under locks, with damage, and killed in the middle."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace

import psycopg
import pytest
from prometheus_client import REGISTRY

from guildhall.core.module import Category, Module
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import DATABASE, LocalStack
from guildhall.server.process import Process
from tenants.fleet import migrate_fleet
from tenants.models import FleetRun
from tenants.profile import Profile
from tenants.provisioning import NewTenant, build_spare, provision

# A module of somebody else's that is installed after the associations were onboarded.
REVISION = """
revision = "later_{number:04d}"
down_revision = {down!r}
branch_labels = {labels!r}
from alembic import op
import sqlalchemy as sa

def upgrade() -> None:
    {statement}
"""
CREATE = 'op.create_table("later_thing", sa.Column("id", sa.Uuid(), primary_key=True), sa.Column("note", sa.String()))'
WIDEN = 'op.add_column("core_job", sa.Column("later", sa.String()))'


@pytest.fixture
def fleet(tmp_path_factory, settings):
    """An installation of its own with associations that know nothing of the module `later` yet."""
    with LocalStack(tmp_path_factory.mktemp("fleet"), fsync=False) as stack:
        environment = stack.environment
        own = replace(
            settings,
            database_url=environment["GUILDHALL_DATABASE_URL"],
            owner_database_url=environment["GUILDHALL_OWNER_DATABASE_URL"],
            redis_url=environment["GUILDHALL_REDIS_URL"],
        )
        process = Process(Runtime.build(own, Registry(())))  # without modules a schema is built quickly
        prepare(stack, process.runtime)
        with psycopg.connect(stack.postgres.url(database=DATABASE), autocommit=True) as superuser:
            yield Fleet(stack, process, superuser)
        process.close()


class Fleet:
    def __init__(self, stack, process, superuser):
        self.stack, self.process, self.superuser = stack, process, superuser

    def onboard(self, count):
        return [
            provision(self.process.runtime, self.process.tenants, order(number), lambda *_: None).tenant
            for number in range(count)
        ]

    def revisions(self):
        """Association → what the registry and the schema itself say of the module `later`."""
        rows = self.superuser.execute("SELECT schema, revisions ->> 'later' FROM platform.tenant").fetchall()
        return {schema: (said, self.stamped(schema)) for schema, said in rows}

    def stamped(self, schema):
        row = self.superuser.execute(
            f"SELECT version_num FROM {schema}.alembic_version WHERE version_num LIKE 'later%'"
        ).fetchone()
        return row and row[0]


def order(number):
    letters = "".join("bcdfghjkmp"[int(digit)] for digit in f"{number:03d}")
    return NewTenant(slug=f"{letters}-fleet", profile=Profile(name="Chamber"))


@pytest.fixture
def later(tmp_path, fleet):
    """A process that has the module `later` installed, at the first of its revisions or at more."""

    def installed(*statements):
        folder = tmp_path / "later"
        folder.mkdir(exist_ok=True)
        for number, statement in enumerate(statements, 1):
            down = f"later_{number - 1:04d}" if number > 1 else None
            labels = None if down else ("later",)
            text = REVISION.format(number=number, down=down, labels=labels, statement=statement)
            (folder / f"{number:04d}.py").write_text(text)
        module = Module(
            name="later",
            version="1.0.0",
            package="tests.tenants",
            label="Later",
            description="Installed after the associations were onboarded.",
            icon="clock",
            category=Category.BASE,
            migrations=folder,
        )
        runtime = Runtime.build(fleet.process.runtime.settings, Registry((module,)))
        opened.append(runtime)
        return runtime

    opened = []
    yield installed
    for runtime in opened:
        runtime.close()


def test_every_association_and_spare_comes_along_and_the_next_run_does_nothing(fleet, later):
    fleet.onboard(5)
    build_spare(fleet.process.runtime)
    runtime = later(CREATE, WIDEN)
    seen = []
    report = migrate_fleet(runtime, on_progress=lambda done, total: seen.append((done, total)))
    assert (report.migrated, report.skipped, report.failures) == (6, 0, [])
    assert seen[-1] == (6, 6)
    assert set(fleet.revisions().values()) == {("later_0002", "later_0002")}
    again = migrate_fleet(runtime)
    assert (again.migrated, again.skipped, again.failures) == (0, 6, [])
    with runtime.db.begin(runtime.platform) as session:
        runs = session.query(FleetRun).order_by(FleetRun.id).all()
    assert [(run.done, run.skipped, run.failures) for run in runs] == [(6, 0, []), (0, 6, [])]
    assert all(run.finished_at for run in runs)


def counted(result):
    return REGISTRY.get_sample_value("guildhall_tenant_migrations_total", {"result": result}) or 0


def test_damage_is_reported_and_the_others_go_on(fleet, later):
    before = counted("migrated"), counted("failed")
    gone, newer, altered, *whole = fleet.onboard(6)
    fleet.superuser.execute(f"DROP SCHEMA {gone.scope.schema} CASCADE")
    fleet.superuser.execute(
        'UPDATE platform.tenant SET revisions = revisions || \'{"core": "core_9999"}\' WHERE id = %s', [newer.id]
    )
    fleet.superuser.execute(
        f"UPDATE {altered.scope.schema}.alembic_version SET version_num = 'core_0000' WHERE version_num LIKE 'core%'"
    )
    report = migrate_fleet(later(CREATE))
    assert report.migrated == len(whole)
    assert (counted("migrated") - before[0], counted("failed") - before[1]) == (len(whole), 3)
    assert {failure.schema for failure in report.failures} == {one.scope.schema for one in (gone, newer, altered)}
    told = " ".join(failure.error for failure in report.failures)
    assert "missing" in told
    assert "core_9999 is unknown" in told
    assert "is stamped" in told
    assert {fleet.stamped(one.scope.schema) for one in whole} == {"later_0001"}
    stray = fleet.superuser.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'extensions'").fetchone()
    assert stray is None


def test_a_statement_that_fails_leaves_its_association_as_it_was(fleet, later):
    bad, good = fleet.onboard(2)
    fleet.superuser.execute(f"CREATE TABLE {bad.scope.schema}.later_thing ()")
    report = migrate_fleet(later(WIDEN, CREATE))
    assert [failure.schema for failure in report.failures] == [bad.scope.schema]
    assert fleet.revisions() == {bad.scope.schema: (None, None), good.scope.schema: ("later_0002", "later_0002")}


def test_a_lock_is_waited_for_briefly_and_asked_for_again(fleet, later, monkeypatch):
    monkeypatch.setattr("tenants.fleet.LOCK_TIMEOUT_MS", 100)
    held, _free = fleet.onboard(2)
    with psycopg.connect(fleet.stack.postgres.url(database=DATABASE)) as reader:
        reader.execute(f"SELECT * FROM {held.scope.schema}.core_job")
        release = threading.Timer(0.6, reader.rollback)
        release.start()
        report = migrate_fleet(later(WIDEN))
        release.join()
    assert (report.migrated, report.failures) == (2, [])


def test_two_runs_at_once_do_each_other_no_harm(fleet, later):
    fleet.onboard(20)
    runtime, reports = later(CREATE, WIDEN), []
    threads = [threading.Thread(target=lambda: reports.append(migrate_fleet(runtime))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.migrated for report in reports) == 20
    assert [report.failures for report in reports] == [[], []]


def test_killed_in_the_middle_of_two_hundred_and_started_again(fleet, later):
    fleet.onboard(200)
    runtime = later(CREATE, WIDEN)
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(runtime.registry.by_name["later"].migrations)],
        env=os.environ | fleet.stack.environment | {"GUILDHALL_MODE": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in child.stdout:
        if line.strip() == "60":
            child.send_signal(signal.SIGKILL)
            break
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    settle(fleet)
    halfway = fleet.revisions()
    assert all(said == stamped for said, stamped in halfway.values())
    done = sum(said == "later_0002" for said, _ in halfway.values())
    assert 60 <= done < 200
    assert {said for said, _ in halfway.values()} == {None, "later_0002"}
    report = migrate_fleet(runtime)
    assert (report.migrated, report.skipped, report.failures) == (200 - done, done, [])
    assert set(fleet.revisions().values()) == {("later_0002", "later_0002")}


def settle(fleet):
    """Wait until PostgreSQL has noticed that the process is gone."""
    busy = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'guildhall_owner' AND state <> 'idle'"
    for _ in range(100):
        if fleet.superuser.execute(busy).fetchone() == (0,):
            return
        time.sleep(0.05)


# The same run in a process of its own.
CHILD = """
    import os, sys
    from dataclasses import replace
    from pathlib import Path
    from guildhall.core.registry import Registry
    from guildhall.core.runtime import Runtime
    from guildhall.core.settings import Settings
    from tenants.fleet import migrate_fleet

    module = replace(Registry.load().by_name["accounts"], name="later", migrations=Path(sys.argv[1]))
    runtime = Runtime.build(Settings.from_environ(os.environ), Registry((module,)))
    migrate_fleet(runtime, on_progress=lambda done, _total: print(done, flush=True))
"""
