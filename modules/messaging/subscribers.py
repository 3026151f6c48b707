"""Reactions to what happens elsewhere."""

from sqlalchemy import select

from guildhall.core.facts import Subscription
from guildhall.core.jobs.contract import JobContext
from modules.accounts.public import PersonJoined, get_person
from modules.messaging.kinds import WELCOME
from modules.messaging.models import Message
from modules.messaging.services.sending import send


def _welcome(context: JobContext, fact: PersonJoined) -> None:
    session = context.session
    welcomed = select(Message.id).where(Message.person_id == fact.person_id, Message.kind == WELCOME.name)
    if session.scalar(welcomed.limit(1)) is None:
        send(session, WELCOME.name, person=get_person(session, fact.person_id), context={}, url="/me/notifications")


SUBSCRIPTIONS = (Subscription(PersonJoined, _welcome),)
