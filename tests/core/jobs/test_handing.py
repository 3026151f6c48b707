"""Which jobs of a house go to the workers."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from guildhall.core.clock import now
from guildhall.core.jobs.core import SWEEP_FINISHED
from guildhall.core.jobs.handing import claim_due, note_lost
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.jobs.queue import enqueue

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def plant(runtime, tenant):
    def make(count, **options):
        with runtime.db.begin(tenant) as unit:
            return [enqueue(unit, SWEEP_FINISHED, **options) for _ in range(count)]

    return make


@pytest.fixture
def claim(runtime, tenant):
    def make(in_flight=8):
        with runtime.db.begin(tenant) as unit:
            return claim_due(unit, in_flight=in_flight, hand_again=HALF_A_MINUTE)

    return make


def age(runtime, tenant, seconds):
    with runtime.db.begin(tenant) as unit:
        unit.execute(update(JobRow).values(handed_at=JobRow.handed_at - timedelta(seconds=seconds)))


def test_the_oldest_go_first_and_no_more_than_may_be_in_flight(plant, claim):
    ids = plant(5)
    first = claim(in_flight=2)
    assert [job.id for job in first.jobs] == ids[:2]
    assert first.waiting == 3
    assert claim(in_flight=2).jobs == []


def test_a_place_is_free_once_a_job_is_done(runtime, tenant, plant, claim):
    ids = plant(3)
    claim(in_flight=2)
    with runtime.db.begin(tenant) as unit:
        unit.get(JobRow, ids[0]).state = JobState.DONE
    assert [job.id for job in claim(in_flight=2).jobs] == [ids[2]]


def test_what_is_not_due_waits(plant, claim):
    plant(1, run_at=now() + timedelta(minutes=1))
    found = claim()
    assert (found.jobs, found.waiting) == ([], 0)


def test_two_relays_never_take_the_same(runtime, tenant, plant):
    plant(4)
    with runtime.db.unit(tenant) as one, runtime.db.unit(tenant) as other:
        taken = [claim_due(unit, in_flight=2, hand_again=HALF_A_MINUTE).jobs for unit in (one, other)]
        one.commit()
        other.commit()
    ids = [job.id for jobs in taken for job in jobs]
    assert len(ids) == len(set(ids)) == 4


def test_a_lost_job_is_handed_again_and_a_running_one_is_not(runtime, tenant, plant, claim):
    lost, running = plant(2)
    claim()
    assert claim().jobs == []
    age(runtime, tenant, 31)
    with runtime.db.unit(tenant) as worker:
        worker.get(JobRow, running, with_for_update=True)
        found = claim().jobs
    assert [(job.id, job.again) for job in found] == [(lost, True)]


def test_a_job_that_kills_its_workers_ends_as_failed(runtime, tenant, plant, session):
    (job_id,) = plant(1)
    answers = []
    for _ in range(SWEEP_FINISHED.max_attempts):
        with runtime.db.begin(tenant) as unit:
            answers.append(note_lost(unit, [job_id]))
    assert answers[:-1] == [[job_id]] * (SWEEP_FINISHED.max_attempts - 1)
    assert answers[-1] == []
    row = session.scalar(select(JobRow).where(JobRow.id == job_id))
    assert (row.state, row.finished_at is not None) == (JobState.FAILED, True)
