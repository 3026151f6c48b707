"""Passkeys, with Chromium's virtual authenticator."""

import shutil
from datetime import timedelta
from threading import Thread
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import sync_playwright
from sqlalchemy import func, select
from werkzeug.serving import make_server

from guildhall.core.clock import now
from modules.accounts.errors import PasskeyRefused
from modules.accounts.models import PasskeyChallenge
from modules.accounts.services.passkeys import spend_challenge

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def served(doors, tenant):
    """The house on the port that its addresses name, since a passkey is bound to the origin."""
    server = make_server("127.0.0.1", urlsplit(tenant.url()).port or 80, doors, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield tenant
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(served, visit, make_person):
    """Chromium with an authenticator, at the house, as a person who is signed in."""
    visitor = visit().sign_in(make_person(name="沈玉兰"))
    cookie = visitor.client.get_cookie("guildhall_house", domain=served.host).value
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        context = browser.new_context(locale="en")
        context.add_cookies([{"name": "guildhall_house", "value": cookie, "domain": served.host, "path": "/"}])
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page
        browser.close()


def test_a_passkey_is_added_signs_in_and_is_removed(page, served):
    page.goto(served.url("/me/security"))
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Passkey of").wait_for()
    page.context.clear_cookies()
    page.goto(served.url("/sign-in"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(served.url("/me"))
    page.goto(served.url("/me/profile"))
    assert page.get_by_label("Name").first.input_value() == "沈玉兰"


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
