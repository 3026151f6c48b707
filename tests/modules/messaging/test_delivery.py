"""From `send` to the mailbox, the phone and the bell."""

import dataclasses
from datetime import timedelta

import pytest
import time_machine

from guildhall.core.clock import now
from modules.messaging import adapters
from modules.messaging.errors import NotReachable
from modules.messaging.public import send
from modules.messaging.services.addresses import blocked
from modules.messaging.services.delivery import RETRY_AFTER
from tests.modules.messaging.conftest import ANNOUNCEMENT


class Phone:
    """A carrier of text messages that keeps them."""

    label = "Phone"

    def __init__(self, error=None):
        self.error, self.texts = error, []

    def send(self, session, channel, address, text):
        if self.error:
            raise self.error
        self.texts.append((channel, address, text))


@pytest.fixture
def phone(monkeypatch):
    carrier = Phone()
    monkeypatch.setitem(adapters.installed(), adapters.LOG, carrier)
    return carrier


def test_on_every_way_to_a_person(deliver, make_person, mailbox, tenant, phone):
    person = make_person(name="Lin", email="lin@example.com", phone="+8613800138000")
    messages = deliver(person=person, url="/me/notices")
    assert {message.status for message in messages.values()} == {"sent"}
    assert messages["in_app"].paragraphs == ["Dear Lin,", f"you are on the list of {tenant.name}."]
    assert messages["in_app"].words == {}
    mail = mailbox.wait_for("lin@example.com")
    assert mail.subject == "Your place at Tea <evening>"
    assert "Tea &lt;evening&gt;" in mail.html
    assert tenant.url("/me/notices") in mail.html
    assert phone.texts == [("sms", "+8613800138000", f"Your place at Tea <evening> {tenant.url('/me/notices')}")]


def test_in_the_recipients_language(deliver, make_person, mailbox, session):
    from modules.messaging.services.own_words import set_words
    from modules.messaging.words import Words
    from tests.modules.messaging.conftest import TICKET

    set_words(session, TICKET, "zh_Hans", Words("{{ event }}报名成功", "{{ person }}，您好！"))
    deliver(person=make_person(email="zh@example.com", locale="zh_Hans"))
    deliver(person=make_person(email="en@example.com", locale="en"))
    assert mailbox.wait_for("zh@example.com").subject == "Tea <evening>报名成功"
    assert mailbox.wait_for("en@example.com").subject == "Your place at Tea <evening>"


def test_to_a_guest(deliver, mailbox):
    messages = deliver(address="Guest@Example.com")
    assert set(messages) == {"email"}
    assert mailbox.wait_for("guest@example.com")


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "+861", "a@example.com\nBcc: b@example.com"])
def test_nowhere_to_send_it(session, address):
    with pytest.raises(NotReachable):
        send(session, "messaging.ticket", context={"event": "x"}, address=address)


@pytest.mark.parametrize("context", [{}, {"event": "x", "secret": "y"}])
def test_the_sender_gives_what_the_kind_needs(session, context):
    with pytest.raises(ValueError, match="event"):
        send(session, "messaging.ticket", context=context, address="a@example.com")


def test_nothing_leaves_before_the_commit(session, tenant, mailbox, run_jobs):
    send(session, "messaging.ticket", context={"event": "x"}, address="a@example.com")
    session.rollback()
    run_jobs(tenant)
    assert mailbox.messages() == []


@pytest.mark.usefixtures("mailbox")
def test_a_refused_address_fails_and_is_blocked(deliver, make_person, session):
    person = make_person(email="gone@nobody.example")
    message = deliver(person=person)["email"]
    assert (message.status, message.attempts) == ("failed", 1)
    assert "no such mailbox" in message.error
    assert blocked(session, "Gone@Nobody.example").reason == "bounced"
    assert deliver(person=person, **ANNOUNCEMENT)["email"].status == "held"
    assert deliver(person=person)["email"].attempts == 1, "what must arrive is still tried"


def test_tried_again_until_the_server_is_back(deliver, session, tenant, run_jobs, runtime, monkeypatch, mailbox):
    settings = runtime.settings
    monkeypatch.setattr(runtime, "settings", dataclasses.replace(settings, smtp_url="smtp://127.0.0.1:1"))
    message = deliver(address="a@example.com")["email"]
    assert (message.status, message.attempts) == ("queued", 1)
    assert "ConnectionRefused" in message.error
    monkeypatch.setattr(runtime, "settings", settings)
    run_jobs(tenant)
    assert mailbox.messages() == []
    with time_machine.travel(now() + RETRY_AFTER[0], tick=True):
        run_jobs(tenant)
    session.refresh(message)
    assert (message.status, message.attempts, message.error) == ("sent", 2, "")
    assert len(mailbox.messages()) == 1


def test_given_up_in_the_end_but_not_blocked(deliver, session, tenant, run_jobs, runtime, monkeypatch):
    monkeypatch.setattr(runtime, "settings", dataclasses.replace(runtime.settings, smtp_url="smtp://127.0.0.1:1"))
    message = deliver(address="a@example.com")["email"]
    moment = now()
    for pause in RETRY_AFTER:
        moment += pause + timedelta(minutes=1)
        with time_machine.travel(moment, tick=True):
            run_jobs(tenant)
    session.refresh(message)
    assert (message.status, message.attempts) == ("failed", len(RETRY_AFTER) + 1)
    assert blocked(session, "a@example.com") is None


@pytest.mark.parametrize(
    ("error", "status"), [(adapters.Refused("no contract"), "failed"), (adapters.TryLater("busy"), "queued")]
)
def test_carriers_may_refuse(deliver, phone, error, status):
    phone.error = error
    message = deliver(address="+8613800138000")["sms"]
    assert (message.status, message.error) == (status, str(error))


def test_mails_of_other_modules_are_in_the_log_without_their_words(session, tenant, run_jobs, mailbox):
    from sqlalchemy import select

    from modules.accounts.public import invite
    from modules.messaging.public import Message

    invite(session, email="li@example.com", name="Li", role_codes=(), locale="en")
    session.commit()
    run_jobs(tenant)
    logged = session.scalars(select(Message).where(Message.address == "li@example.com")).one()
    assert (logged.status, logged.title, logged.body) == ("sent", "", "")
    assert session.get_one(Message, logged.id).person_id is not None
