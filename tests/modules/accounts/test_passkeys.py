"""What a passkey's answer is checked against; the browser's side is in tests/browser/test_passkeys.py."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from guildhall.core.clock import now
from modules.accounts.errors import PasskeyRefused
from modules.accounts.models import PasskeyChallenge
from modules.accounts.services.passkeys import spend_challenge


def post_json(visitor, path, body, page):
    return visitor.open("POST", path, json=body, headers={"X-CSRFToken": visitor.token(page)})


def test_a_question_is_answered_once_even_when_its_cookie_is_brought_back(visit, session):
    visitor = visit()
    post_json(visitor, "/passkeys/sign-in/options", {}, "/sign-in")
    assert session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 1
    assert post_json(visitor, "/passkeys/sign-in", {"rawId": "AAAA"}, "/sign-in").status_code == 422
    assert session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0, "a wrong answer uses it up too"


def test_a_challenge_is_spent_once_in_time_and_by_whom_it_was_given_to(runtime, tenant, make_person):
    person = make_person()

    def asked(**values):
        with runtime.db.begin(tenant) as session:
            row = PasskeyChallenge(challenge=b"?", expires_at=now() + timedelta(minutes=1), **values)
            session.add(row)
            session.flush()
            return row.id

    first = asked()
    assert spend_challenge(runtime, tenant, first) == b"?"
    for challenge_id, person_id in ((first, None), (asked(person_id=person.id), None), (asked(), person.id)):
        with pytest.raises(PasskeyRefused):
            spend_challenge(runtime, tenant, challenge_id, person_id)
    late = asked()
    with time_machine.travel(now() + timedelta(minutes=2)), pytest.raises(PasskeyRefused):
        spend_challenge(runtime, tenant, late)


def test_an_answer_to_no_question_is_refused(visit):
    visitor = visit()
    token = visitor.token("/sign-in")
    answer = visitor.open("POST", "/passkeys/sign-in", json={"rawId": "AAAA"}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json["code"]) == (422, "passkey_refused")
