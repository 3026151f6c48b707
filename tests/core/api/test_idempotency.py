"""A request that is sent twice takes effect once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from guildhall.core.api import idempotency
from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from modules.accounts.public import Person

KEY = {"Idempotency-Key": "order-1"}
LI = {"name": "Li Na", "email": "li@a.example"}


@pytest.fixture
def caller(make_caller):
    return make_caller()


@pytest.fixture
def count(runtime, tenant):
    def counted(model, *where):
        with runtime.db.begin(tenant) as session:
            return session.scalar(select(func.count()).select_from(model).where(*where))

    return counted


def test_a_repetition_is_answered_like_the_first(caller, count):
    first = caller.post("/people", LI, headers=KEY)
    entries = count(AuditEntry)
    again = caller.post("/people", LI, headers=KEY)
    assert first.status_code == again.status_code == 201
    assert first.data == again.data
    for name in ("Location", "ETag", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(Person, Person.email == LI["email"]) == 1
    assert count(AuditEntry) == entries


def test_a_change_is_replayed_though_its_etag_has_passed(caller):
    made = caller.post("/people", LI)
    path, headers = made.headers["Location"].removeprefix("/api/v1"), KEY | {"If-Match": made.headers["ETag"]}
    first = caller.patch(path, {"name": "Li Xin"}, headers=headers)
    again = caller.patch(path, {"name": "Li Xin"}, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.headers["ETag"] == again.headers["ETag"]


@pytest.mark.parametrize("other", [{**LI, "name": "Li Bo"}, {}])
def test_the_same_key_for_another_request_is_refused(caller, other):
    assert caller.post("/people", LI, headers=KEY).status_code == 201
    answer = caller.post("/people", other, headers=KEY)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")


def test_what_was_refused_may_be_tried_again(caller):
    assert caller.post("/people", {**LI, "email": "nonsense"}, headers=KEY).status_code == 422
    assert caller.post("/people", LI, headers=KEY).status_code == 201


def test_keys_of_different_people_never_meet(make_caller, count):
    assert make_caller().post("/people", LI, headers=KEY).status_code == 201
    other = make_caller().post("/people", {"name": "Wu", "email": "wu@a.example"}, headers=KEY)
    assert other.status_code == 201
    assert other.json["email"] == "wu@a.example"


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel"])
def test_a_key_that_is_none(caller, key):
    answer = caller.post("/people", LI, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_invalid")


def test_a_key_lasts_a_day(caller, runtime, tenant, run_jobs, count):
    assert caller.post("/people", LI, headers=KEY).status_code == 201
    with time_machine.travel(now() + timedelta(hours=23), tick=False):
        assert caller.post("/people", LI, headers=KEY).status_code == 201
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        answer = caller.post("/people", LI, headers=KEY)
        assert (answer.status_code, answer.json["code"]) == (422, "email_taken")
        with runtime.db.begin(tenant) as session:
            from guildhall.core.jobs.queue import enqueue

            enqueue(session, idempotency.FORGET_EXPIRED)
        run_jobs(tenant)
    assert count(idempotency.IdempotencyKey) == 0


def race(caller, monkeypatch):
    """Two requests with one key at the same moment: both are inside before either ends."""
    both_inside = threading.Barrier(2, timeout=1.5)
    keep = idempotency.keep

    def keep_slowly(*args):
        with suppress(threading.BrokenBarrierError):  # the other is kept waiting, as it should be
            both_inside.wait()
        keep(*args)

    monkeypatch.setattr(idempotency, "keep", keep_slowly)

    def send(number):
        from werkzeug.test import Client

        headers = {"Host": caller.host, "Authorization": f"Bearer {caller.token}", **KEY}
        client = Client(caller.client.application, use_cookies=False)
        return client.post("/api/v1/people", json={"name": "Li Na", "email": "li@a.example"}, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, range(2)))


def test_two_at_once_take_effect_once(caller, monkeypatch, count):
    answers = race(caller, monkeypatch)
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert sorted("Idempotency-Replayed" in a.headers for a in answers) == [False, True]
    assert count(Person, Person.email == LI["email"]) == 1


def test_without_the_key_two_at_once_do_collide(caller, monkeypatch, count):
    """The control: the race is real, for without the claim both get in and one fails."""
    monkeypatch.setattr(idempotency, "claim", lambda *_args: None)
    answers = race(caller, monkeypatch)
    assert sorted(a.status_code for a in answers) == [201, 409]
    assert count(Person, Person.email == LI["email"]) == 1
