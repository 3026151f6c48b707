"""Passwords: one way to sign in, never the only one."""

from uuid import UUID

from guildhall.core import audit
from guildhall.core.crypto import Vault, fingerprint, hash_password, needs_rehash, verify_password
from guildhall.core.db import UnitOfWork
from guildhall.core.house import House
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from guildhall.core.mail import send_mail
from modules.accounts import mails
from modules.accounts.addresses import normal_address
from modules.accounts.errors import AddressInvalid, LinkExpired, PasswordWeak, PasswordWrong
from modules.accounts.models import Person
from modules.accounts.services.notices import tell_of_change
from modules.accounts.services.people import find_by_address
from modules.accounts.services.sessions import end_sessions

# NIST SP 800-63B §3.1.1.2: length and a blocklist, no rules on kinds of characters.
SHORTEST, LONGEST = 10, 128
FEWEST_DIFFERENT = 5
_COMMON = ("password", "qwertyuiop", "1234567890", "0987654321", "abcdefghij", "woaini", "iloveyou", "guildhall")
RESET_SECONDS = 60 * 60


def check_password(session: UnitOfWork, address: str, password: str) -> Person:
    """The person who has this address and this password. Takes the same work whether or not somebody has the address.

    Raises:
        PasswordWrong: at the field `password`; also for who is kept out.
    """
    try:
        person = find_by_address(session, normal_address(address))
    except AddressInvalid:
        person = None
    stored = person.password_hash if person and person.is_active else None
    if not verify_password(stored, password) or person is None:
        raise PasswordWrong(fields={"password": PasswordWrong.message})
    if needs_rehash(stored or ""):
        person.password_hash = hash_password(password)
    return person


def change_password(
    session: UnitOfWork, person: Person, current: str, password: str, *, keep_session: UUID | None
) -> None:
    """Set another password, knowing the present one where there is one.

    Raises:
        PasswordWrong: at the field `current`. PasswordWeak: at the field `password`.
    """
    if person.password_hash:
        check_own_password(person, current, field="current")
    set_password(session, person, password, keep_session=keep_session)


def check_own_password(person: Person, password: str, *, field: str = "password") -> None:
    """Hear the present password once more.

    Raises:
        PasswordWrong: at the field.
    """
    if not verify_password(person.password_hash, password):
        raise PasswordWrong(fields={field: PasswordWrong.message})


def set_password(session: UnitOfWork, person: Person, password: str, *, keep_session: UUID | None = None) -> None:
    """Set a password, sign out every other browser, and tell the person.

    Raises:
        PasswordWeak: at the field `password`.
    """
    _check_strength(person, password)
    first = person.password_hash is None
    person.password_hash = hash_password(password)
    session.flush()
    end_sessions(session, person.id, but=keep_session)
    audit.record(session, "accounts.password_set", person)
    if not first:
        tell_of_change(session, person, "password")


def request_reset(session: UnitOfWork, address: str) -> None:
    """Have a link sent, if somebody has this address. The same work for every address.

    Raises:
        AddressInvalid: at the field `address`.
    """
    enqueue(session, SEND_RESET, address=normal_address(address))


def find_by_reset_link(session: UnitOfWork, vault: Vault, signed: str) -> Person:
    """The person whom a link lets set a password. It works for an hour, and until the password is set.

    Raises:
        LinkExpired.
    """
    value = vault.unsign(signed, purpose=_purpose(session.house), max_age_seconds=RESET_SECONDS)
    if isinstance(value, list):
        person = session.get(Person, UUID(value[0]))
        if person is not None and person.is_active and value[1] == _mark(person):
            return person
    raise LinkExpired


def _send_reset(context: JobContext, address: str) -> None:
    session = context.session
    person = find_by_address(session, address)
    if person is None or not person.is_active or not person.email:
        return
    signed = context.runtime.vault.sign([str(person.id), _mark(person)], purpose=_purpose(session.house))
    words = {"name": person.name, "url": session.house.url(f"/password/{signed}")}
    send_mail(session, mails.PASSWORD_RESET.name, person.email, person.locale, words)


def _purpose(house: House) -> str:
    return f"password-reset/{house.id}"


def _mark(person: Person) -> str:
    """Changes with the password, so that a link that was used is worth nothing."""
    return fingerprint(f"{person.id}/{person.password_hash}")


def _check_strength(person: Person, password: str) -> None:
    lowered = password.lower()
    own = [part for part in (person.name.lower(), (person.email or "").partition("@")[0], person.phone or "") if part]
    guessable = any(lowered in word or lowered.strip("0123456789!.") in word for word in (*_COMMON, *own))
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < FEWEST_DIFFERENT or guessable:
        raise PasswordWeak(fields={"password": PasswordWeak.message})


SEND_RESET = Job("accounts.send_reset", _send_reset)
