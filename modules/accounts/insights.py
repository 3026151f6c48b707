"""Figures, search and checks about people, each one cheap query."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import func, select

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _, _l
from guildhall.core.module import Card, Figure, Meter, PortalCard, PortalItem, SearchHit, SearchProvider
from modules.accounts.enums import ErasureState, PersonStatus
from modules.accounts.models import ErasureRequest, Person, RoleAssignment
from modules.accounts.permissions import PEOPLE_VIEW
from modules.accounts.queries import count_people, pick_people
from modules.accounts.services.consents import unanswered_documents
from modules.accounts.words import DOCUMENTS


def count_deletions(session: UnitOfWork) -> int:
    """Requests for deletion whose time has come."""
    due = ErasureRequest.state == ErasureState.DUE
    return session.scalar(select(func.count()).select_from(ErasureRequest).where(due)) or 0


def has_colleagues(session: UnitOfWork) -> bool:
    """Whether more than one person works here."""
    return (session.scalar(select(func.count(RoleAssignment.person_id.distinct()))) or 0) > 1


def has_members(session: UnitOfWork) -> bool:
    """Whether somebody who does not work here is known."""
    staff = select(RoleAssignment.person_id)
    return bool(session.scalar(select(Person.id).where(Person.id.not_in(staff)).limit(1)))


def _people(session: UnitOfWork) -> Figure:
    invited = select(func.count()).select_from(Person).where(Person.status == PersonStatus.INVITED)
    hint = _("%(count)s have not come in yet", count=session.scalar(invited) or 0)
    return Figure(count_people(session), hint)


def _find(session: UnitOfWork, words: str, limit: int) -> Sequence[SearchHit]:
    return [
        SearchHit(
            person.name,
            url_for("accounts_people.show", person_id=person.id),
            person.organization or person.address,
            "user",
        )
        for person in pick_people(session, words, limit)
    ]


def _unanswered(session: UnitOfWork) -> Sequence[PortalItem]:
    person_id = session.actor.person_id
    waiting = unanswered_documents(session, person_id) if person_id else {}
    return [
        PortalItem(str(DOCUMENTS[kind]), url_for("accounts_privacy.overview"), _("version %(number)s", number=version))
        for kind, version in waiting.items()
    ]


CONSENT_CARD = PortalCard(
    _l("Please read and agree"), "accounts_privacy.overview", _unanswered, icon="file-text", order=0
)
PEOPLE_CARD = Card(_l("People"), "users", "accounts_people.index", PEOPLE_VIEW, _people, order=10)
PEOPLE_SEARCH = SearchProvider(_l("People"), PEOPLE_VIEW, _find)
PEOPLE_METER = Meter("accounts.people", _l("People"), count_people)
