"""A message of the secretariat to everybody."""

from uuid import UUID

from sqlalchemy import func, select

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from modules.accounts.public import Person, PersonStatus
from modules.messaging.kinds import ANNOUNCEMENT
from modules.messaging.services.sending import send

_PROGRESS_EVERY = 50


def announce(session: UnitOfWork, title: str, text: str) -> UUID:
    """Write to all active people; returns the job, whose progress can be watched."""
    job_id = enqueue(session, ANNOUNCE, title=title, text=text)
    audit.record(session, "messaging.announcement_sent", label=title, changes={"recipients": recipients(session)})
    return job_id


def recipients(session: UnitOfWork) -> int:
    """How many people an announcement reaches."""
    return session.scalar(select(func.count()).where(Person.status == PersonStatus.ACTIVE)) or 0


def _announce(context: JobContext, title: str, text: str) -> None:
    session = context.session
    people = session.scalars(select(Person).where(Person.status == PersonStatus.ACTIVE).order_by(Person.id)).all()
    for number, person in enumerate(people, start=1):
        send(session, ANNOUNCEMENT.name, person=person, context={"title": title, "text": text}, url="/me/notices")
        if number % _PROGRESS_EVERY == 0 or number == len(people):
            context.progress(number, len(people))


ANNOUNCE = Job("messaging.announce", _announce, timeout_seconds=900)
