"""What people want to receive, and how they say so."""

import re

import pytest

from modules.messaging.services.addresses import blocked
from tests.modules.messaging.conftest import ANNOUNCEMENT


@pytest.fixture
def person(make_person):
    return make_person(email="lin@example.com", name="Lin")


def test_what_is_refused_stays_in_the_app(visit, person, deliver):
    page = visit().sign_in(person)
    assert page.post("/me/notifications", {"wanted": []}).status_code == 303
    assert set(deliver(person=person, **ANNOUNCEMENT)) == {"in_app"}
    assert set(deliver(person=person)) >= {"in_app", "email"}, "what must arrive does"
    assert page.post("/me/notifications", {"wanted": ["messaging.announcement@email"]}).status_code == 303
    assert set(deliver(person=person, **ANNOUNCEMENT)) == {"in_app", "email"}


def test_what_must_arrive_cannot_be_refused(visit, person, deliver, session):
    from modules.messaging.services.preferences import set_refused

    set_refused(session, person.id, [("messaging.ticket", "email")], session.registry.messages.values())
    session.commit()
    assert "email" in deliver(person=person)


def test_one_click_ends_it(visit, person, deliver, mailbox):
    deliver(person=person, **ANNOUNCEMENT)
    mail = mailbox.wait_for("lin@example.com")
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = _path(mail)
    assert visit().get(path).status_code == 200
    assert "email" in deliver(person=person, **ANNOUNCEMENT), "opening the link is not yet the wish"
    # As a mail program does it (RFC 8058): no cookie, no form token.
    assert visit().open("POST", path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert set(deliver(person=person, **ANNOUNCEMENT)) == {"in_app"}
    assert visit().open("POST", path).status_code == 200, "twice is harmless"


def test_a_guest_can_end_it_too(visit, deliver, mailbox, session):
    deliver(address="guest@example.com", **ANNOUNCEMENT)
    path = _path(mailbox.wait_for("guest@example.com"))
    visit().open("POST", path)
    assert blocked(session, "guest@example.com").reason == "unsubscribed"
    session.commit()
    assert deliver(address="guest@example.com", **ANNOUNCEMENT)["email"].status == "held"


def test_what_must_arrive_has_no_such_link(person, deliver, mailbox):
    deliver(person=person)
    assert mailbox.wait_for("lin@example.com").message["List-Unsubscribe"] is None


def test_links_of_others_do_nothing(visit, person, deliver, mailbox, make_tenant):
    deliver(person=person, **ANNOUNCEMENT)
    path = _path(mailbox.wait_for("lin@example.com"))
    assert visit(make_tenant().host).open("POST", path).status_code == 404
    assert visit().open("POST", path[:-2]).status_code == 404


def _path(mail):
    return re.search(r"<https?://[^/]+(/[^>]+)>", mail.message["List-Unsubscribe"]).group(1)
