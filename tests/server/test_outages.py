"""Real processes on a stack of their own, ill-treated: what was acknowledged is done, once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import func, select, update

from guildhall.core.audit import AuditEntry
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.jobs.core import SWEEP_FINISHED
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.jobs.queries import standing
from guildhall.core.jobs.queue import enqueue
from guildhall.core.settings import Settings
from guildhall.server.local.daemon import AlreadyRunningError
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack
from guildhall.server.process import Process
from guildhall.server.testing import Visitor, furnish
from guildhall.server.wsgi import Doors
from modules.accounts import public as accounts
from modules.accounts.enums import PersonStatus
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tests.server.probe import DIE, EFFECT, FAIL, NOTE, OVERRUN, make_process

PATIENCE = 60.0
SWEEP, HAND_AGAIN = "0.5", "2"


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory):
    # With fsync: a commit must outlive a killed server here.
    with LocalStack(tmp_path_factory.mktemp("outages"), fresh=True) as stack:
        yield stack


@pytest.fixture(scope="module")
def environment(own_stack):
    return own_stack.environment | {"GUILDHALL_MODE": "test"}


@pytest.fixture(scope="module")
def own_process(own_stack, environment):
    process = make_process(Settings.from_environ(environment))
    prepare(own_stack, process.runtime)
    yield process
    process.runtime.close()


@pytest.fixture(scope="module")
def children():
    """The processes that were started; none outlives the tests."""
    started = []
    yield started
    for child in started:
        child.kill()
        child.wait()


@pytest.fixture(scope="module")
def start(environment, children):
    """Starts a relay or a worker: `start("worker")`."""

    def begin(kind):
        pace = (SWEEP, HAND_AGAIN) if kind == "relay" else ()
        command = [sys.executable, "-m", "tests.server.probe", kind, *pace]
        child = subprocess.Popen(command, env=os.environ | environment)
        children.append(child)
        return child

    return begin


@pytest.fixture(scope="module")
def relay(own_process, start):
    return start("relay")


@pytest.fixture(scope="module")
def first_worker(own_process, start):
    return start("worker")


@pytest.fixture(scope="module")
def crew(own_process, relay, first_worker):
    """A relay and a worker, at work."""
    return relay, first_worker


@pytest.fixture
def house(own_process):
    slug = f"outage-{time.monotonic_ns():x}".translate(str.maketrans("0123456789", "ghjkmnpqrs"))
    order = NewTenant(slug=slug, profile=Profile(name="Chamber"))
    return provision(own_process.runtime, own_process.tenants, order, lambda *_: None).tenant


@pytest.fixture
def post(own_process, house):
    def make(job, **payload):
        with own_process.runtime.db.begin(house) as session:
            return enqueue(session, job, **payload)

    return make


@pytest.fixture
def until(own_process, house):
    """Waits for a job: `until(job_id, lambda found: found.ended)`."""

    def wait(job_id, says, seconds=PATIENCE):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with own_process.runtime.db.begin(house) as session:
                found = standing(session, job_id)
            if says(found):
                return found
            time.sleep(0.05)
        pytest.fail(f"{found.job.name} is {found.job.state} after {seconds} s")

    return wait


@pytest.fixture
def hurry(own_process, house):
    """Does not wait for the next try."""

    def move(job_id):
        with own_process.runtime.db.begin(house) as session:
            session.execute(update(JobRow).where(JobRow.id == job_id).values(run_at=JobRow.created_at))

    return move


@pytest.fixture
def effects(own_process, house):
    def count():
        with own_process.runtime.db.begin(house) as session:
            return session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.action == EFFECT))

    return count


def ended(found):
    return found.ended


@contextmanager
def away(server):
    """Kill -9 a server of the stack, and start it again."""
    server.kill()
    try:
        yield
    finally:
        revive(server)


def revive(server):
    """On a busy machine the killed server's own children may hold its folder for some seconds more."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server.start()
        except AlreadyRunningError:
            if time.monotonic() > deadline:
                raise
        else:
            return


def test_a_job_runs_soon_after_the_commit(crew, post, until, effects):
    post_id = post(NOTE)
    found = until(post_id, ended)
    assert (found.job.state, found.job.attempts, found.done, found.total) == (JobState.DONE, 1, 1, 2)
    assert effects() == 1
    started = time.monotonic()
    until(post(NOTE), ended)
    assert time.monotonic() - started < 2


def test_a_failing_job_is_tried_again_and_then_rests(crew, hurry, post, until):
    job_id = post(FAIL)
    found = until(job_id, lambda found: found.job.attempts == 1)
    assert found.job.run_at > found.job.created_at
    hurry(job_id)
    found = until(job_id, ended)
    assert (found.job.state, found.job.attempts) == (JobState.FAILED, 2)
    assert found.job.error == "ValueError: on purpose"


def test_a_job_that_takes_too_long_is_ended(crew, post, until):
    found = until(post(OVERRUN), ended)
    assert found.job.state == JobState.FAILED
    assert "JobTimeoutException" in found.job.error


def test_a_killed_worker_loses_nothing_and_does_nothing_twice(crew, start, post, until, effects):
    _relay, worker = crew
    job_id = post(NOTE, seconds=1.5)
    until(job_id, lambda found: found.done == 1)
    worker.kill()
    worker.wait()
    assert effects() == 0
    start("worker")
    assert until(job_id, ended).job.state == JobState.DONE
    assert effects() == 1


def test_a_job_that_kills_its_workers_is_given_up(crew, start, post, until):
    victim = start("worker")
    found = until(post(DIE), ended)
    assert found.job.state == JobState.FAILED
    assert "worker was lost" in found.job.error
    assert victim.wait() == -signal.SIGKILL
    start("worker")


def test_a_wiped_redis_loses_nothing(crew, own_process, post, until):
    long = post(NOTE, seconds=1.0)
    until(long, lambda found: found.done == 1)
    waiting = [post(NOTE) for _ in range(5)]
    time.sleep(0.3)
    own_process.runtime.redis.flushall()
    for job_id in (long, *waiting):
        assert until(job_id, ended).job.state == JobState.DONE


def test_jobs_wait_while_redis_is_away(crew, own_stack, post, until):
    with away(own_stack.valkey):
        job_id = post(NOTE)
        time.sleep(0.5)
    assert until(job_id, ended).job.state == JobState.DONE


def test_workers_and_relay_outlive_a_killed_database(crew, own_stack, hurry, post, until):
    job_id = post(NOTE, seconds=1.0)
    until(job_id, lambda found: found.done == 1)
    with away(own_stack.postgres):
        time.sleep(1.0)
    hurry(job_id)
    assert until(job_id, ended).job.state == JobState.DONE
    assert until(post(NOTE), ended).job.state == JobState.DONE


def test_a_worker_that_is_told_to_stop_finishes_its_job(crew, start, children, post, until):
    job_id = post(NOTE, seconds=1.0)
    until(job_id, lambda found: found.done == 1)
    workers = [child for child in children if child.poll() is None and "worker" in child.args]
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    found = until(job_id, ended)
    assert (found.job.state, found.job.attempts) == (JobState.DONE, 1)
    assert [worker.wait(10) for worker in workers] == [0] * len(workers)
    start("worker")


@pytest.fixture(scope="module")
def real_doors(own_process, environment):
    process = Process.of(Settings.from_environ(environment))
    yield Doors(process)
    process.runtime.close()


@pytest.fixture(scope="module")
def site(real_doors):
    return Visitor(real_doors, "localhost:8000")


@pytest.fixture(scope="module")
def page(real_doors):
    """A page that needs the database, as a person who is signed in gets it."""
    runtime, tenants = real_doors.house.runtime, real_doors.house.extensions["tenants"]
    order = NewTenant(slug="open-house", profile=Profile(name="Open House", locale="en"))
    tenant = provision(runtime, tenants, order, furnish).tenant
    with runtime.db.begin(tenant) as session:
        person = accounts.create_person(session, "Li", status=PersonStatus.ACTIVE, email="li@example.com")
    with runtime.db.begin(tenant, Actor(ActorKind.PERSON, person.id)) as session:
        job_id = enqueue(session, SWEEP_FINISHED)
    visitor = Visitor(real_doors, f"{tenant.host}:8000").sign_in(person)
    return partial(visitor.get, f"/-/jobs/{job_id}")


def test_pages_say_so_while_the_database_is_away_and_recover(own_stack, page):
    assert page().status_code == 200
    with away(own_stack.postgres):
        for _ in range(3):
            started = time.monotonic()
            answer = page()
            assert time.monotonic() - started < 3
            assert answer.status_code == 503
        assert "briefly unavailable" in answer.text
    assert page().status_code == 200


def test_pages_work_while_redis_is_away(own_stack, page):
    with away(own_stack.valkey):
        started = time.monotonic()
        assert page().status_code == 200
        assert time.monotonic() - started < 3


def test_readiness_follows_the_database_and_not_redis(own_stack, site):
    assert site.get("/-/ready").json["status"] == "ready"
    with away(own_stack.valkey):
        answer = site.get("/-/ready")
        assert (answer.status_code, answer.json["checks"]["redis"]) == (200, "doubtful")
    with away(own_stack.postgres):
        answer = site.get("/-/ready")
        assert (answer.status_code, answer.json["checks"]["database"]) == (503, "wrong")
        assert site.get("/-/health").status_code == 200
