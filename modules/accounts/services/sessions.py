"""Sign-in sessions. The browser holds a secret, the house its fingerprint."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import emit
from guildhall.core.ids import token
from guildhall.core.permissions import DefaultRole
from modules.accounts.enums import PersonStatus, SignInMethod
from modules.accounts.facts import SignedIn
from modules.accounts.models import Person, Role, RoleAssignment, SignInSession
from modules.accounts.services.roles import permissions_of

# OWASP Session Management Cheat Sheet: an absolute limit beside the idle one, and a short one for who can do much.
ABSOLUTE = timedelta(days=31)
IDLE = timedelta(days=14)
IDLE_STAFF = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Device:
    """The browser that signs in."""

    user_agent: str = ""
    address: str = ""


UNKNOWN_DEVICE = Device()


@dataclass(frozen=True, slots=True)
class SignedInPerson:
    """Who a session's secret belongs to, and what they may do here."""

    session_id: UUID
    person_id: UUID
    name: str
    email: str | None
    locale: str
    permissions: frozenset[str]
    is_staff: bool


def start_session(session: UnitOfWork, person: Person, method: SignInMethod, device: Device = UNKNOWN_DEVICE) -> str:
    """Sign a person in; returns the secret for the browser, new at each sign-in."""
    secret = token()
    row = SignInSession(
        person_id=person.id,
        fingerprint=fingerprint(secret),
        method=method,
        user_agent=device.user_agent[:400],
        address=device.address,
        expires_at=now() + ABSOLUTE,
    )
    session.add(row)
    person.last_seen_at = now()
    session.flush()
    audit.record(session, "accounts.signed_in", person, changes={"method": method})
    emit(session, SignedIn(person.id, method))
    return secret


def find_session(session: UnitOfWork, secret: str) -> SignedInPerson | None:
    """Whoever holds this secret, in one query; None once it has ended, rested too long, or the person is kept out."""
    statement = _lookup.where(SignInSession.fingerprint == fingerprint(secret), SignInSession.expires_at > now())
    row = session.connection().execute(statement).first()
    if row is None or row.seen_at < now() - (IDLE_STAFF if row.roles else IDLE):
        return None
    if row.seen_at < now() - SEEN_EVERY:
        _touch(session, row.id, row.person_id)
    registry = session.registry
    granted = [permissions_of(registry, code, own) for code, own in (*(row.roles or ()), (DefaultRole.MEMBER, ()))]
    return SignedInPerson(
        row.id, row.person_id, row.name, row.email, row.locale, frozenset().union(*granted), bool(row.roles)
    )


_roles = (
    select(func.jsonb_agg(func.jsonb_build_array(Role.code, Role.permissions)))
    .join(RoleAssignment, RoleAssignment.role_id == Role.id)
    .where(RoleAssignment.person_id == SignInSession.person_id)
    .scalar_subquery()
)
_lookup = (
    select(
        SignInSession.id,
        SignInSession.person_id,
        SignInSession.seen_at,
        Person.name,
        Person.email,
        Person.locale,
        _roles.label("roles"),
    )
    .join(Person, Person.id == SignInSession.person_id)
    .where(Person.status == PersonStatus.ACTIVE)
)


def _touch(session: UnitOfWork, session_id: UUID, person_id: UUID) -> None:
    """Note that somebody was here. Past the ORM, since it is no change that the audit log should hear of."""
    connection = session.connection()
    sessions, people = SignInSession.__table__, Person.__table__
    connection.execute(sessions.update().where(sessions.c.id == session_id).values(seen_at=now()))  # type: ignore[attr-defined]
    connection.execute(people.update().where(people.c.id == person_id).values(last_seen_at=now()))  # type: ignore[attr-defined]


def end_session(session: UnitOfWork, person_id: UUID, session_id: UUID) -> None:
    """Sign one browser of a person out; nothing happens when it is no session of theirs."""
    where = (SignInSession.id == session_id, SignInSession.person_id == person_id)
    session.execute(delete(SignInSession).where(*where))
    audit.record(session, "accounts.session_ended", session.get(Person, person_id))


def end_sessions(session: UnitOfWork, person_id: UUID, *, but: UUID | None = None) -> int:
    """Sign a person out everywhere, or everywhere else; returns how many browsers."""
    statement = delete(SignInSession).where(SignInSession.person_id == person_id)
    if but is not None:
        statement = statement.where(SignInSession.id != but)
    ended: int = session.execute(statement).rowcount  # type: ignore[attr-defined]
    if ended:
        audit.record(session, "accounts.sessions_ended", session.get(Person, person_id), changes={"count": ended})
    return ended


def sweep_sessions(session: UnitOfWork) -> None:
    """Forget sessions that are over."""
    session.execute(delete(SignInSession).where(SignInSession.expires_at < now()))
