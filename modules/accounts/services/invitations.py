"""Invitations: the way in for those whom the association already knows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.facts import emit
from guildhall.core.ids import token
from guildhall.core.mail import send_mail
from guildhall.core.sms import send_sms
from modules.accounts import mails
from modules.accounts.addresses import normal_email
from modules.accounts.enums import PersonStatus
from modules.accounts.errors import InvitationUsedUp, NotInvited
from modules.accounts.facts import PersonInvited, PersonJoined
from modules.accounts.models import Invitation, Person
from modules.accounts.services.people import create_person, find_by_address
from modules.accounts.services.roles import assign_roles, roles_by_code, roles_of

VALID = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that has just been made. The link is known only now."""

    person_id: UUID
    url: str


def invite(session: UnitOfWork, email: str, name: str, role_codes: Collection[str] = (), locale: str = "") -> Invited:
    """Invite somebody by e-mail, as a member or with system roles. Whoever is known already keeps their account and
    gets the roles added; once they have come in, no invitation is needed and the link is the sign-in page.

    Raises:
        EmailInvalid, UnknownRole: at the field. RoleBeyondYours.
    """
    person = find_by_address(session, normal_email(email))
    wanted = list(roles_by_code(session, role_codes))
    if person is None:
        person = create_person(session, name, email=email, locale=locale)
    else:
        wanted += [role for role in roles_of(session, person.id) if role not in wanted]
    assign_roles(session, person, wanted)
    if person.status != PersonStatus.INVITED:
        return Invited(person.id, session.house.url("/sign-in"))
    return send_invitation(session, person)


def send_invitation(session: UnitOfWork, person: Person) -> Invited:
    """Send a new link; an earlier one stops working.

    Raises:
        NotInvited: the person has come in already.
    """
    invited = open_invitation(session, person)
    inviter = session.get(Person, session.actor.person_id) if session.actor.person_id else None
    words = {"name": person.name, "url": invited.url, "inviter": inviter.name if inviter else ""}
    if person.email:
        send_mail(session, mails.INVITATION.name, person.email, person.locale, words)
    elif person.phone:
        send_sms(session, mails.INVITATION_SMS.name, person.phone, person.locale, words)
    audit.record(session, "accounts.person_invited", person)
    emit(session, PersonInvited(person.id))
    return invited


def open_invitation(session: UnitOfWork, person: Person) -> Invited:
    """A new link, not sent to anybody: for a person who has just proved that the address is theirs."""
    if person.status != PersonStatus.INVITED:
        raise NotInvited
    session.execute(delete(Invitation).where(Invitation.person_id == person.id))
    secret = token()
    row = Invitation(
        person_id=person.id,
        token_fingerprint=fingerprint(secret),
        invited_by=session.actor.person_id,
        expires_at=now() + VALID,
    )
    session.add(row)
    session.flush()
    return Invited(person.id, session.house.url(f"/invitations/{secret}"))


def find_invited(session: UnitOfWork, secret: str) -> Person:
    """The person whom a link invites.

    Raises:
        InvitationUsedUp: it was used, replaced, or is too old.
    """
    invitation = _usable(session, secret)
    return session.get_one(Person, invitation.person_id)


def accept_invitation(session: UnitOfWork, secret: str, name: str) -> Person:
    """Let the invited person in. The link is used up, and has proved the address that it was sent to.

    Raises:
        InvitationUsedUp.
    """
    invitation = _usable(session, secret)
    invitation.accepted_at = now()
    person = session.get_one(Person, invitation.person_id)
    return join(session, person, name)


def join(session: UnitOfWork, person: Person, name: str) -> Person:
    """Make an account out of a person who is known, having proved the address."""
    person.name = name.strip() or person.name
    person.status = PersonStatus.ACTIVE
    person.joined_at = now()
    if person.email:
        person.email_verified_at = now()
    else:
        person.phone_verified_at = now()
    session.flush()
    audit.record(session, "accounts.person_joined", person)
    emit(session, PersonJoined(person.id))
    return person


def _usable(session: UnitOfWork, secret: str) -> Invitation:
    statement = select(Invitation).where(
        Invitation.token_fingerprint == fingerprint(secret),
        Invitation.accepted_at.is_(None),
        Invitation.expires_at > now(),
    )
    found = session.scalar(statement.with_for_update())
    if found is None:
        raise InvitationUsedUp
    person = session.get_one(Person, found.person_id)
    if person.status != PersonStatus.INVITED:
        raise InvitationUsedUp
    return found
