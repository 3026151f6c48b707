"""A kind of message of another module, and the person it goes to."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from guildhall.core.messages import Channel, MessageKind, Placeholder
from modules.messaging.public import send

TICKET = MessageKind(
    "messaging.ticket",
    "Ticket",
    title="Your place at {{ event }}",
    body="Dear {{ person }},\n\nyou are on the list of {{ association }}.",
    placeholders=(Placeholder("event", "Event", "Tea evening"),),
    channels=(Channel.IN_APP, Channel.EMAIL, Channel.SMS),
    action="Open the ticket",
)


@pytest.fixture(autouse=True)
def _ticket(runtime, monkeypatch):
    monkeypatch.setitem(runtime.registry.messages, TICKET.name, TICKET)


@pytest.fixture
def deliver(session, tenant, run_jobs):
    """Sends, commits, and does the work that follows."""

    def go(kind="messaging.ticket", context=None, **options):
        messages = send(session, kind, context={"event": "Tea <evening>"} if context is None else context, **options)
        session.commit()
        run_jobs(tenant)
        for message in messages:
            session.refresh(message)
        session.commit()
        return {message.channel: message for message in messages}

    return go


ANNOUNCEMENT = {"kind": "messaging.announcement", "context": {"title": "100 % tea", "text": "Come.\n\nBring a cup."}}


@pytest.fixture
def count_queries(runtime):
    """The statements that are executed within a block."""

    @contextmanager
    def count():
        statements = []

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(runtime.db.engine, "before_cursor_execute", note)
        yield statements
        event.remove(runtime.db.engine, "before_cursor_execute", note)

    return count
