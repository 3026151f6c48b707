"""What a person reads in the app."""

from sqlalchemy import select

from modules.messaging.enums import BlockReason
from modules.messaging.privacy import erase, export
from modules.messaging.public import Message, unread_count
from modules.messaging.services.addresses import block, blocked
from tests.modules.messaging.conftest import ANNOUNCEMENT


def test_read_by_opening(visit, make_person, deliver, session):
    person = make_person()
    notice = deliver(person=person, **ANNOUNCEMENT)["in_app"]
    page = visit().sign_in(person)
    assert unread_count(session, person.id) == 1
    session.commit()
    assert "100 % tea" in page.get("/me/notices").text
    assert "Bring a cup." in page.get(f"/me/notices/{notice.id}").text
    assert unread_count(session, person.id) == 0


def test_all_read_at_once(visit, make_person, deliver, session):
    person, other = make_person(), make_person()
    for one in (person, person, other):
        deliver(person=one, **ANNOUNCEMENT)
    visit().sign_in(person).post("/me/notices/read", page="/me/notices")
    assert (unread_count(session, person.id), unread_count(session, other.id)) == (0, 1)


def test_only_ones_own(visit, make_person, deliver):
    message = deliver(person=make_person())
    stranger = visit().sign_in(make_person())
    for one in message.values():
        assert stranger.get(f"/me/notices/{one.id}").status_code == 404
    assert visit().get(f"/me/notices/{message['in_app'].id}").status_code == 302


def test_words_are_never_markup(visit, make_person, deliver):
    person = make_person(name="<img src=x>")
    notice = deliver(person=person, context={"event": "<script>alert(1)</script>"})["in_app"]
    page = visit().sign_in(person).get(f"/me/notices/{notice.id}").text
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_the_list_asks_as_often_with_one_as_with_three(visit, make_person, deliver, count_queries):
    person = make_person()
    page = visit().sign_in(person)
    deliver(person=person)
    with count_queries() as one:
        page.get("/me/notices")
    for _ in range(2):
        deliver(person=person)
    with count_queries() as three:
        page.get("/me/notices")
    assert len(one) == len(three)


def test_new_people_are_welcomed_once(session, tenant, make_person, run_jobs):
    from guildhall.core.facts import emit
    from modules.accounts.public import PersonJoined

    person = make_person()
    for _ in range(2):
        emit(session, PersonJoined(person.id))
    session.commit()
    run_jobs(tenant)
    assert [m.kind for m in session.scalars(select(Message).where(Message.person_id == person.id))] == [
        "messaging.welcome"
    ]


def test_given_and_forgotten(session, make_person, deliver):
    person, other = make_person(email="lin@example.com"), make_person()
    deliver(person=person, **ANNOUNCEMENT)
    deliver(person=other, **ANNOUNCEMENT)
    block(session, "lin@example.com", BlockReason.BOUNCED)
    given = export(session, person.id)
    assert {message["address"] for message in given["messages"]} == {"", "lin@example.com"}
    assert given["blocked_addresses"] == [{"address": "lin@example.com", "reason": "bounced"}]
    assert len(erase(session, person.id)) == 1
    session.commit()
    rows = session.scalars(select(Message).where(Message.person_id == person.id)).all()
    assert len(rows) == 2
    assert {(row.address, row.title, row.body) for row in rows} == {("", "", "")}
    assert blocked(session, "lin@example.com") is None
    assert all(row.title for row in session.scalars(select(Message).where(Message.person_id == other.id)))
