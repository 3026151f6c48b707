"""The way into the console: both factors, each once."""

import re

import pyotp
from sqlalchemy import select

from guildhall.console.models import Staff, StaffRole
from guildhall.console.staff import invite
from tests.console.conftest import PASSWORD, SECRET


def test_a_password_alone_opens_nothing(console, make_staff):
    staff = make_staff()
    answer = console.post("/sign-in", {"email": staff.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/code"
    assert console.get("/associations/").headers["Location"].startswith("/sign-in")


def test_both_factors_open_the_console(sign_in, make_staff):
    assert sign_in(make_staff()).get("/associations/").status_code == 200


def test_a_code_works_once(visit, settings, make_staff, sign_in):
    staff = make_staff()
    sign_in(staff)
    other = visit(f"console.{settings.base_host}")
    other.post("/sign-in", {"email": staff.email, "password": PASSWORD})
    assert other.post("/sign-in/code", {"code": pyotp.TOTP(SECRET).now()}).status_code == 422


def test_the_first_sign_in_demands_a_second_factor(console, make_staff):
    staff = make_staff(enrolled=False)
    answer = console.post("/sign-in", {"email": staff.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/second-factor"
    page = console.get("/sign-in/second-factor").text
    secret = re.search(r"\b[A-Z2-7]{32}\b", page).group(0)
    wrong = console.post("/sign-in/second-factor", {"code": "000000"})
    assert wrong.status_code == 422
    right = console.post("/sign-in/second-factor", {"code": pyotp.TOTP(secret).now()})
    assert right.status_code == 302
    assert console.get("/").status_code == 200


def test_unknown_and_wrong_read_the_same(console, make_staff):
    unknown = console.post("/sign-in", {"email": "nobody@vendor.example", "password": PASSWORD})
    wrong = console.post("/sign-in", {"email": make_staff().email, "password": "wrong"})
    strip = re.compile(r'(value|content)="[^"]*"')
    assert unknown.status_code == wrong.status_code == 422
    assert strip.sub("", unknown.text) == strip.sub("", wrong.text)


def test_guessing_is_stopped(console, make_staff):
    staff = make_staff()
    answers = [console.post("/sign-in", {"email": staff.email, "password": "wrong"}).status_code for _ in range(11)]
    assert answers[-1] == 429


def test_the_link_of_an_invitation_works_once(console, runtime):
    with runtime.db.begin(runtime.platform) as session:
        staff, secret = invite(session, "new@vendor.example", "New", StaffRole.VIEWER)
    assert console.post(f"/set-up/{secret}", {"password": "short"}).status_code == 422
    assert console.post(f"/set-up/{secret}", {"password": PASSWORD}).status_code == 302
    assert console.get(f"/set-up/{secret}").status_code == 404
    assert console.post("/sign-in", {"email": staff.email, "password": PASSWORD}).status_code == 302


def test_locking_ends_what_is_open(sign_in, make_staff, runtime):
    from guildhall.console.staff import lock

    make_staff()  # another owner stays
    staff = make_staff()
    console = sign_in(staff)
    with runtime.db.begin(runtime.platform) as session:
        lock(session, session.scalar(select(Staff).where(Staff.id == staff.id)), locked=True)
    assert console.get("/").status_code == 302


def test_a_viewer_changes_nothing(sign_in, make_staff, tenant):
    console = sign_in(make_staff(StaffRole.VIEWER))
    page = f"/associations/{tenant.id}/"
    assert console.get(page).status_code == 200
    assert console.post(page + "suspend", {"reason": "because"}, page=page).status_code == 403
