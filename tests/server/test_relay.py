"""The relay: fair between houses, and harmless in any number."""

from collections import Counter
from uuid import UUID

import pytest
from rq.job import Job as RQJob
from rq.serializers import JSONSerializer

from guildhall.core.jobs.core import SWEEP_FINISHED
from guildhall.core.jobs.models import JobState
from guildhall.core.jobs.queries import count_by_state
from guildhall.core.jobs.queue import enqueue
from guildhall.server.queue import HouseQueue, queue_redis
from guildhall.server.relay import ALIVE_KEY, Pace, Relay, Rounds
from guildhall.server.worker import run_worker


@pytest.fixture
def redis(settings):
    connection = queue_redis(settings)
    connection.flushall()
    yield connection
    connection.close()


@pytest.fixture
def relay(process, redis):
    return Relay(process, Pace(sweep=3600, in_flight=3))


@pytest.fixture
def post(runtime):
    def make(house, count):
        with runtime.db.begin(house) as session:
            for _ in range(count):
                enqueue(session, SWEEP_FINISHED)

    return make


def queued(redis):
    """How many jobs of each house are in the queue."""
    return Counter(job_id.split("-")[0] for job_id in HouseQueue(redis).job_ids)


def test_a_loud_house_is_only_a_few_jobs_ahead(relay, redis, post, make_tenant):
    loud, quiet = make_tenant(), make_tenant()
    post(loud, 50)
    relay.turn()
    post(quiet, 1)
    for _ in range(3):
        relay.turn()
    assert queued(redis)[loud.id.hex] == 3
    assert queued(redis)[quiet.id.hex] == 1


def test_the_rest_follows_as_places_become_free(process, runtime, relay, redis, post, tenant):
    post(tenant, 10)
    for _ in range(6):
        relay.turn()
        run_worker(process, burst=True)
    with runtime.db.begin(tenant) as session:
        assert count_by_state(session)[JobState.DONE] == 10
    assert queued(redis) == {}
    assert redis.exists(ALIVE_KEY)


def test_a_job_that_still_waits_is_not_queued_twice(process, redis, post, tenant):
    hasty = Relay(process, Pace(sweep=0.01, hand_again=0.0))
    post(tenant, 2)
    for _ in range(3):
        hasty.turn()
    assert queued(redis)[tenant.id.hex] == 2


def test_what_was_wiped_is_queued_again(process, redis, post, tenant):
    hasty = Relay(process, Pace(sweep=0.01, hand_again=0.0))
    post(tenant, 2)
    hasty.turn()
    redis.flushall()
    hasty.turn()
    hasty.turn()
    assert queued(redis)[tenant.id.hex] == 2


def test_nothing_of_a_job_but_its_name_and_ids_is_in_redis(relay, redis, post, tenant):
    post(tenant, 1)
    relay.turn()
    (job_id,) = [name for name in HouseQueue(redis).job_ids if name.startswith(tenant.id.hex)]
    job = RQJob.fetch(job_id, connection=redis, serializer=JSONSerializer)
    assert [UUID(argument).hex for argument in job.args] == job_id.split("-")
    assert job.kwargs == {}


def test_every_house_has_its_turn_within_a_period():
    houses = list(range(10))
    rounds = Rounds(lambda: houses, 100.0)
    seen = [house for moment in range(0, 100, 5) for house in rounds.due(float(moment))]
    assert seen == houses
    assert rounds.due(99.0) == []
    assert rounds.due(100.0) == [0]
    assert rounds.due(500.0) == houses[1:], "what a slow turn has missed comes next"
