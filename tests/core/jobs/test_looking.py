"""What people see of jobs, and may do with them."""

import pytest

from guildhall.core.errors import NotFound
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.ids import uuid7
from guildhall.core.jobs.core import SWEEP_FINISHED
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.jobs.queries import count_by_state, failed, recent, standing
from guildhall.core.jobs.queue import enqueue, write_progress
from guildhall.core.jobs.services import JobNotFailed, JobUnderWay, cancel_job, retry_job


@pytest.fixture
def job(session):
    job_id = enqueue(session, SWEEP_FINISHED)
    session.commit()
    return session.get(JobRow, job_id)


def test_a_failed_job_can_be_tried_again(session, job, tenant, run_jobs):
    job.state, job.attempts = JobState.FAILED, 10
    session.commit()
    assert session.scalars(failed()).all() == [job]
    retry_job(session, job.id)
    session.commit()
    assert (job.state, job.attempts, job.handed_at) == (JobState.PENDING, 0, None)
    assert run_jobs(tenant) == [JobState.DONE]


def test_a_waiting_job_can_be_called_off_and_taken_up_again(session, job, tenant, run_jobs):
    cancel_job(session, job.id)
    session.commit()
    assert run_jobs(tenant) == []
    retry_job(session, job.id)
    session.commit()
    assert run_jobs(tenant) == [JobState.DONE]


def test_a_running_job_cannot_be_called_off(runtime, session, job, tenant):
    with runtime.db.unit(tenant) as worker:
        worker.get(JobRow, job.id, with_for_update=True)
        with pytest.raises(JobUnderWay):
            cancel_job(session, job.id)


def test_one_that_waits_is_not_tried_again(session, job):
    with pytest.raises(JobNotFailed):
        retry_job(session, job.id)
    with pytest.raises(NotFound):
        retry_job(session, uuid7())


def test_counts_and_lists(session, job):
    assert count_by_state(session) == dict.fromkeys(JobState, 0) | {JobState.PENDING: 1}
    assert session.scalars(recent()).all() == [job]
    assert session.scalars(recent(JobState.DONE)).all() == []


def test_progress_is_shown_to_whoever_began_it_and_to_nobody_else(runtime, tenant, visit, make_person):
    mine, other = make_person(), make_person()
    with runtime.db.begin(tenant, Actor(ActorKind.PERSON, mine.id)) as unit:
        job_id = enqueue(unit, SWEEP_FINISHED)
        write_progress(unit, job_id, 3, 12, "row 3")
    path = f"/-/jobs/{job_id}"
    page = visit().sign_in(mine).get(path)
    assert page.status_code == 200
    assert 'value="3" max="12"' in page.text
    assert f'hx-get="{path}"' in page.text
    assert visit().sign_in(other).get(path).status_code == 404
    assert visit().get(path).status_code == 302


def test_progress_stops_asking_once_the_job_has_ended(runtime, tenant, visit, make_person, run_jobs):
    person = make_person()
    with runtime.db.begin(tenant, Actor(ActorKind.PERSON, person.id)) as unit:
        job_id = enqueue(unit, SWEEP_FINISHED)
    run_jobs(tenant)
    page = visit().sign_in(person).get(f"/-/jobs/{job_id}")
    assert "hx-get" not in page.text
    assert "Done" in page.text


def test_how_a_job_stands_is_one_query(session, job):
    write_progress(session, job.id, 1, 2, "half")
    found = standing(session, job.id)
    assert (found.done, found.total, found.note, found.ended) == (1, 2, "half", False)
