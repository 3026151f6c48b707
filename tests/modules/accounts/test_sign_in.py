"""Every way in, and everything that is not one."""

from datetime import timedelta

import pyotp
import pytest
import time_machine

from guildhall.core import crypto
from guildhall.core.clock import now
from modules.accounts.models import Person
from modules.accounts.services.people import suspend
from modules.accounts.services.totp import confirm_totp
from modules.messaging.adapters import LogAdapter


def ask_for_code(visitor, address):
    return visitor.post("/sign-in", {"address": address})


def enter(visitor, code):
    return visitor.post("/sign-in/code", {"code": code})


@pytest.fixture
def totp_of(runtime, tenant):
    """Turns the second step on; returns the app and the recovery codes."""

    def turn_on(person):
        secret = pyotp.random_base32()
        with runtime.db.begin(tenant) as session:
            row = session.get_one(Person, person.id)
            codes = confirm_totp(session, runtime.vault, row, secret, pyotp.TOTP(secret).now())
        return pyotp.TOTP(secret), codes

    return turn_on


def test_a_code_by_mail(visit, make_person, code_of, signed_in):
    person, visitor = make_person(), visit()
    assert ask_for_code(visitor, f"  {person.email.upper()} ").location == "/sign-in/code"
    assert enter(visitor, code_of(person.email)).location == "/me"
    assert signed_in(visitor)


def test_staff_begin_at_their_desk(visit, make_person, code_of):
    person, visitor = make_person(roles=("officer",)), visit()
    ask_for_code(visitor, person.email)
    assert enter(visitor, code_of(person.email)).location == "/admin"


def test_the_mail_speaks_the_recipients_language(visit, make_person, code_of, mailbox, make_tenant):
    person = make_person(locale="zh_Hans")
    ask_for_code(visit(), person.email)
    code = code_of(person.email)
    mail = mailbox.wait_for(person.email)
    assert "验证码" in mail.subject
    assert code in mail.text
    assert code in mail.html


def test_a_code_works_once_and_not_for_long(visit, make_person, code_of, signed_in):
    person, first, second = make_person(), visit(), visit()
    ask_for_code(first, person.email)
    code = code_of(person.email)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert enter(first, code).status_code == 422
    enter(first, code)
    second.client = first.client
    first.post("/sign-out", page="/me/profile")
    assert enter(second, code).status_code in {302, 422}
    assert not signed_in(second)


def test_five_wrong_codes_spoil_the_right_one(visit, make_person, code_of, signed_in):
    person, visitor = make_person(), visit()
    ask_for_code(visitor, person.email)
    code = code_of(person.email)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _attempt in range(5):
        assert enter(visitor, wrong).status_code == 422
    assert enter(visitor, code).status_code == 422
    assert not signed_in(visitor)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(visit, make_person, mailbox, run_jobs, tenant):
    known, unknown = make_person().email, "nobody@example.com"
    pages, counts = [], []
    for address in (known, unknown):
        visitor = visit()
        answer = ask_for_code(visitor, address)
        pages.append(visitor.get("/sign-in/code").text.replace(address, "…").replace(visitor.token("/sign-in"), ""))
        counts.append((answer.status_code, answer.location))
    run_jobs(tenant)
    assert counts[0] == counts[1]
    assert len(pages[0]) == pytest.approx(len(pages[1]), abs=8)
    assert [mail.recipients for mail in mailbox.messages()] == [[known]]


def test_a_code_by_text_message(visit, make_person, run_jobs, tenant, signed_in, monkeypatch):
    make_person(phone="13800138000")
    visitor, texts = visit(), []
    monkeypatch.setattr(LogAdapter, "send", lambda _self, _session, _channel, to, text: texts.append((to, text)))
    assert ask_for_code(visitor, "138 0013 8000").location == "/sign-in/code"
    run_jobs(tenant)
    [(to, text)] = texts
    assert to == "+8613800138000"
    code = text.split("code is ")[1][:6]
    assert enter(visitor, code).location == "/me"
    assert signed_in(visitor)


def test_a_password(visit, make_person, give_password, signed_in):
    person, visitor = make_person(), visit()
    password = give_password(person)
    assert visitor.post("/sign-in/password", {"address": person.email, "password": "wrong"}).status_code == 422
    visitor.post("/sign-in/password", {"address": person.email, "password": password})
    assert signed_in(visitor)


def test_unknown_people_cost_as_much_as_known_ones(visit, make_person, give_password, monkeypatch):
    person = make_person()
    give_password(person)
    work = []
    verify = crypto._PASSWORDS.verify
    monkeypatch.setattr(type(crypto._PASSWORDS), "verify", lambda self, *args: work.append(1) or verify(*args))
    answers = []
    for address in (person.email, "nobody@example.com", make_person().email, "not an address"):
        answer = visit().post("/sign-in/password", {"address": address, "password": "wrong-password"})
        answers.append((answer.status_code, "Address or password is wrong." in answer.text, len(work)))
        work.clear()
    assert answers == [(422, True, 1)] * 4


def test_who_is_suspended_stays_out(visit, make_person, give_password, runtime, tenant, signed_in):
    person = make_person()
    password, visitor = give_password(person), visit().sign_in(person)
    assert signed_in(visitor)
    with runtime.db.begin(tenant) as session:
        suspend(session, session.get_one(Person, person.id))
    assert not signed_in(visitor)
    assert visit().post("/sign-in/password", {"address": person.email, "password": password}).status_code == 422


def test_the_second_step(visit, make_person, give_password, totp_of, signed_in):
    person, visitor = make_person(), visit()
    password, (app, recovery) = give_password(person), totp_of(person)
    form = {"address": person.email, "password": password}
    assert visitor.post("/sign-in/password", form).location == "/sign-in/totp"
    assert not signed_in(visitor)
    assert visitor.post("/sign-in/totp", {"code": "000000"}).status_code == 422
    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        code = app.now()
        visitor.post("/sign-in/totp", {"code": code})
        assert signed_in(visitor)
        again = visit()
        again.post("/sign-in/password", form)
        assert again.post("/sign-in/totp", {"code": code}).status_code == 422, "a code works once"
        again.post("/sign-in/totp", {"code": recovery[0].upper()})
        assert signed_in(again)
        third = visit()
        third.post("/sign-in/password", form)
        assert third.post("/sign-in/totp", {"code": recovery[0]}).status_code == 422, "so does a recovery code"


def test_the_second_step_is_turned_on_by_scanning(visit, make_person):
    visitor = visit().sign_in(make_person())
    secret = visitor.soup("/me/security/totp").select_one("[data-copy]").text
    answer = visitor.post("/me/security/totp", {"code": pyotp.TOTP(secret).now()})
    assert len(answer.text.split("data-copy")[1].split("</code>")[0].split(">")[1].split()) == 10
    assert visitor.get("/me/security/totp").location == "/me/security"


def test_a_sign_in_drops_what_the_cookie_held(visit, make_person, give_password):
    """Session fixation: a cookie planted before is worth nothing after, and the secret is new each time."""
    person, visitor = make_person(), visit()
    password = give_password(person)
    visitor.get("/sign-in?next=/me/security")
    before = visitor.client.get_cookie("guildhall_house", domain=visitor.host.partition(":")[0]).value
    answer = visitor.post("/sign-in/password", {"address": person.email, "password": password})
    assert answer.location == "/me/security"
    after = visitor.client.get_cookie("guildhall_house", domain=visitor.host.partition(":")[0]).value
    planted = visit()
    planted.client.set_cookie("guildhall_house", before, domain=planted.host.partition(":")[0])
    assert before != after
    assert planted.get("/me/profile").status_code == 302


def test_a_cookie_of_one_house_is_nothing_on_another(visit, make_tenant, make_person, signed_in):
    elsewhere = make_tenant(locale="en")
    visitor, stranger = visit().sign_in(make_person()), visit(elsewhere.host)
    cookie = visitor.client.get_cookie("guildhall_house", domain=visitor.host.partition(":")[0]).value
    stranger.client.set_cookie("guildhall_house", cookie, domain=elsewhere.host)
    assert signed_in(visitor)
    assert not signed_in(stranger)


def test_no_form_without_its_token(visit, make_person):
    visitor = visit().sign_in(make_person())
    assert visitor.open("POST", "/me/security/sessions/end", data={}).status_code == 400
    assert visitor.open("POST", "/sign-in", data={"address": "a@example.com"}).status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\nb",
        " //x",
    ],
)
def test_nobody_is_sent_elsewhere(visit, make_person, give_password, target):
    person, visitor = make_person(), visit()
    password = give_password(person)
    visitor.get("/sign-in", query_string={"next": target})
    answer = visitor.post("/sign-in/password", {"address": person.email, "password": password})
    assert answer.location in {"/", "/me"}


def test_many_wrong_passwords_lock_the_address_and_not_the_others(visit, make_person, give_password, signed_in):
    person, other = make_person(), make_person()
    password = give_password(person)
    give_password(other)
    for _attempt in range(10):
        visit().post("/sign-in/password", {"address": person.email, "password": "wrong"})
    locked = visit().post("/sign-in/password", {"address": person.email, "password": password})
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 0
    visitor = visit()
    visitor.post("/sign-in/password", {"address": other.email, "password": password})
    assert signed_in(visitor)


def test_another_password_ends_other_sessions_and_tells(
    visit, make_person, give_password, mailbox, run_jobs, tenant, signed_in
):
    person = make_person()
    here, there = visit().sign_in(person), visit().sign_in(person)
    password = give_password(person)
    here, there = visit().sign_in(person), visit().sign_in(person)
    form = {"current": password, "password": "ein-ganz-anderer-satz"}
    assert here.post("/me/security/password", {**form, "current": "no"}).status_code == 422
    assert here.post("/me/security/password", {**form, "password": "1234567890"}).status_code == 422
    assert here.post("/me/security/password", form).location == "/me/security"
    assert signed_in(here)
    assert not signed_in(there)
    run_jobs(tenant)
    assert "changed" in mailbox.wait_for(person.email).subject


def test_a_forgotten_password(visit, make_person, give_password, mailbox, run_jobs, tenant, signed_in):
    person, visitor = make_person(), visit()
    give_password(person)
    visitor.post("/password", {"address": person.email})
    run_jobs(tenant)
    link = next(word for word in mailbox.wait_for(person.email).text.split() if "/password/" in word)
    assert link.startswith(tenant.url("/password/"))
    path = link.removeprefix(tenant.url("")).rstrip(".")
    assert visitor.post(path, {"password": "ein-ganz-anderer-satz"}).status_code == 302
    assert signed_in(visitor)
    assert visit().get(path).status_code == 410, "the link works once"
    assert visit().get("/password/forged").status_code == 410


def test_sign_out_ends_the_session_itself(visit, make_person, signed_in):
    visitor, thief = visit().sign_in(make_person()), visit()
    host = visitor.host.partition(":")[0]
    thief.client.set_cookie(
        "guildhall_house", visitor.client.get_cookie("guildhall_house", domain=host).value, domain=host
    )
    assert signed_in(thief)
    visitor.post("/sign-out", page="/me/profile")
    assert not signed_in(visitor)
    assert not signed_in(thief)
