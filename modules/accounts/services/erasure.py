"""Being forgotten: asked for, cooled for a week, carried out across all modules."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import emit
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.mail import send_mail
from guildhall.core.vetoes import ask
from modules.accounts import mails
from modules.accounts.enums import ErasureState
from modules.accounts.errors import NotYourself
from modules.accounts.facts import PersonErased, PersonErasing
from modules.accounts.models import ErasureRequest, Person
from modules.accounts.services.roles import demand_another_admin

COOLING = timedelta(days=7)
OPEN = (ErasureState.COOLING, ErasureState.DUE)


def request_erasure(session: UnitOfWork, person: Person, reason: str = "") -> ErasureRequest:
    """Ask to be forgotten. For a week the person may take it back; then it waits for the secretariat.

    Raises:
        LastAdmin: nobody would be left to administer.
    """
    existing = open_request(session, person.id)
    if existing is not None:
        return existing
    demand_another_admin(session, person)
    request = ErasureRequest(person_id=person.id, reason=reason, due_at=now() + COOLING)
    session.add(request)
    session.flush()
    audit.record(session, "accounts.erasure_requested", person)
    if person.email:
        words = {"name": person.name, "days": COOLING.days, "url": session.house.url("/me/privacy")}
        send_mail(session, mails.ERASURE_REQUESTED.name, person.email, person.locale, words)
    return request


def cancel_erasure(session: UnitOfWork, person: Person) -> None:
    """Take the wish back, for as long as it has not been carried out."""
    request = open_request(session, person.id)
    if request is not None:
        request.state, request.ended_at = ErasureState.CANCELLED, now()
        session.flush()
        audit.record(session, "accounts.erasure_cancelled", person)


def erase_person(session: UnitOfWork, person: Person) -> list[str]:
    """Forget a person in every module, those that are off included; returns what the law demands to keep.

    Raises:
        DomainError: a module objects. LastAdmin, NotYourself.
    """
    if person.id == session.actor.person_id:
        raise NotYourself
    demand_another_admin(session, person)
    ask(session, PersonErasing(person.id))
    kept: list[str] = []
    for module in reversed(list(session.registry.keeping(session.house))):
        if module.personal_data is not None:
            kept += module.personal_data.erase(session, person.id)
    request = open_request(session, person.id) or ErasureRequest(person_id=person.id, due_at=now())
    request.state, request.ended_at, request.kept = ErasureState.DONE, now(), kept
    session.add(request)
    session.flush()
    audit.record(session, "accounts.person_erased", person, changes={"kept": kept})
    emit(session, PersonErased(person.id))
    return kept


def open_request(session: UnitOfWork, person_id: UUID) -> ErasureRequest | None:
    """The wish that has not been carried out or taken back."""
    where = (ErasureRequest.person_id == person_id, ErasureRequest.state.in_(OPEN))
    return session.scalar(select(ErasureRequest).where(*where))


def waiting_requests(session: UnitOfWork) -> Sequence[tuple[ErasureRequest, Person]]:
    """All open wishes with the person, the most urgent first."""
    joined = select(ErasureRequest, Person).join(Person, Person.id == ErasureRequest.person_id)
    rows = session.execute(joined.where(ErasureRequest.state.in_(OPEN)).order_by(ErasureRequest.due_at))
    return [(request, person) for request, person in rows]


def _ripen(context: JobContext) -> None:
    over = (ErasureRequest.state == ErasureState.COOLING, ErasureRequest.due_at <= now())
    context.session.execute(update(ErasureRequest).where(*over).values(state=ErasureState.DUE))


RIPEN_ERASURES = Job("accounts.ripen_erasures", _ripen)
