"""The secretariat's pages of messages."""

import pytest

from modules.messaging.enums import BlockReason
from modules.messaging.services.addresses import block, blocked
from tests.modules.messaging.conftest import ANNOUNCEMENT

PAGES = ("/admin/messages", "/admin/messages/new", "/admin/messages/templates", "/admin/messages/addresses")


@pytest.fixture
def officer(visit, make_person):
    return visit().sign_in(make_person(roles=("officer",), name="Officer", email="officer@example.com"))


@pytest.mark.parametrize("path", PAGES)
def test_members_stay_outside(visit, make_person, path):
    assert visit().sign_in(make_person()).get(path).status_code == 403


def test_searched_and_filtered(officer, make_person, deliver):
    deliver(person=make_person(name="Lin Wanqing", email="lin@example.com"), **ANNOUNCEMENT)
    deliver(address="guest@example.com", context={"event": "Tasting"})
    assert "Tasting" in officer.get("/admin/messages").text
    for query in ("q=wanqing", "q=lin@example", "kind=messaging.announcement", "channel=in_app", "q=100 %25 tea"):
        page = officer.get(f"/admin/messages?{query}").text
        assert "100 % tea" in page
        assert "Tasting" not in page
    assert "Nothing matches" in officer.get("/admin/messages?status=failed").text


def test_sent_again(officer, deliver, mailbox, tenant, run_jobs):
    message = deliver(address="guest@example.com")["email"]
    page = f"/admin/messages/{message.id}"
    mailbox.clear()
    assert officer.post(f"{page}/resend", page=page).status_code == 303
    run_jobs(tenant)
    assert mailbox.wait_for("guest@example.com").subject == message.title


def test_written_to_all(officer, make_person, mailbox, tenant, run_jobs):
    make_person(email="a@example.com")
    make_person(email="b@example.com", status="suspended")
    answer = officer.post("/admin/messages/new", {"title": "Assembly", "text": "On Friday."})
    assert answer.status_code == 303
    run_jobs(tenant)
    assert {mail.recipients[0] for mail in mailbox.messages()} == {"officer@example.com", "a@example.com"}
    assert "Done" in officer.get(answer.location).text


@pytest.mark.parametrize("data", [{}, {"title": "x" * 121, "text": "y"}, {"title": "x", "text": " " * 6000}])
def test_nothing_to_say(officer, data):
    assert officer.post("/admin/messages/new", data).status_code == 422


def test_a_blocked_address_is_used_again(officer, session):
    block(session, "gone@nobody.example", BlockReason.BOUNCED, "550")
    session.commit()
    assert "gone@nobody.example" in officer.get("/admin/messages/addresses").text
    officer.post("/admin/messages/addresses/unblock", {"ids": ["gone@nobody.example"]}, page="/admin/messages")
    session.expire_all()
    assert blocked(session, "gone@nobody.example") is None


def test_the_other_association_sees_nothing(visit, make_tenant, make_person, deliver):
    message = deliver(address="guest@example.com")["email"]
    other = make_tenant(locale="en")
    outsider = visit(other.host).sign_in(make_person(other, roles=("admin",)))
    assert "guest@example.com" not in outsider.get("/admin/messages").text
    assert outsider.get(f"/admin/messages/{message.id}").status_code == 404
