"""Reads of people."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from guildhall.core.audit import AuditEntry
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.permissions import DefaultRole
from modules.accounts.enums import PersonStatus
from modules.accounts.models import Person, Role, RoleAssignment, SignInSession
from modules.accounts.services.roles import label_of


def people() -> Select[Person]:
    """Everybody who has not been erased."""
    return select(Person).where(Person.status != PersonStatus.ERASED)


def matching(words: str) -> Select[Person]:
    """People whose name, address or organization holds these words."""
    columns = (Person.name, Person.email, Person.phone, Person.organization)
    return people().where(or_(*(column.icontains(words, autoescape=True) for column in columns)))


def pick_people(session: UnitOfWork, words: str, limit: int = 10) -> Sequence[Person]:
    """The first few people that match, by name; for a field that finds a person."""
    return session.scalars(matching(words).order_by(Person.name, Person.id).limit(limit)).all()


def sessions_of(session: UnitOfWork, person_id: UUID) -> Sequence[SignInSession]:
    """Where a person is signed in, the latest first."""
    current = (SignInSession.person_id == person_id, SignInSession.expires_at > now())
    return session.scalars(select(SignInSession).where(*current).order_by(SignInSession.seen_at.desc())).all()


def role_names(session: UnitOfWork, people_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """The names of the roles of several people, in one query."""
    joined = select(RoleAssignment.person_id, Role).join(Role, Role.id == RoleAssignment.role_id)
    found: dict[UUID, list[str]] = {}
    for person_id, role in session.execute(joined.where(RoleAssignment.person_id.in_(people_ids)).order_by(Role.id)):
        found.setdefault(person_id, []).append(label_of(role))
    return found


def roles_with_counts(session: UnitOfWork) -> Sequence[tuple[Role, int]]:
    """Every role and how many people have it; the member's role counts everybody who came in."""
    counts = select(RoleAssignment.role_id, func.count().label("people")).group_by(RoleAssignment.role_id).subquery()
    rows = session.execute(
        select(Role, func.coalesce(counts.c.people, 0)).outerjoin(counts, counts.c.role_id == Role.id).order_by(Role.id)
    ).all()
    members = session.scalar(select(func.count()).where(Person.status == PersonStatus.ACTIVE)) or 0
    return [(role, members if role.code == DefaultRole.MEMBER else count) for role, count in rows]


def listed(words: str, status: str, role_id: str) -> Select[Person]:
    """The people of a list: searched and narrowed. What the address asks for and is not known is left out."""
    statement = matching(words) if words else people()
    if status in set(PersonStatus):
        statement = statement.where(Person.status == status)
    role = _uuid(role_id)
    if role is not None:
        having = select(RoleAssignment.person_id).where(RoleAssignment.role_id == role)
        statement = statement.where(Person.id.in_(having))
    return statement


ORDERS = {
    "name": Person.name,
    "organization": Person.organization,
    "joined_at": Person.joined_at,
    "last_seen_at": Person.last_seen_at,
}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def assignable_roles(session: UnitOfWork) -> Sequence[Role]:
    """Every role but the member's, which is everybody's."""
    statement = select(Role).where(Role.code.is_distinct_from(DefaultRole.MEMBER))
    return session.scalars(statement.order_by(Role.code.is_(None), Role.id)).all()


def history_of(session: UnitOfWork, person_id: UUID, limit: int = 30) -> Sequence[AuditEntry]:
    """What was done to a person and by them, the latest first."""
    concerns = or_(
        and_(AuditEntry.target_type == Person.__tablename__, AuditEntry.target_id == str(person_id)),
        AuditEntry.actor_id == person_id,
    )
    return session.scalars(select(AuditEntry).where(concerns).order_by(AuditEntry.number.desc()).limit(limit)).all()


def count_people(session: UnitOfWork) -> int:
    """How many have an account or an invitation."""
    return session.scalar(select(func.count()).select_from(people().subquery())) or 0
