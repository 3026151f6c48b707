"""Staff of the vendor: invited by link, signed in by password and a demanded second factor."""

from datetime import timedelta

import pyotp
from sqlalchemy import delete, select

from guildhall.console.models import Staff, StaffRole, StaffSession
from guildhall.console.permissions import granted
from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import Vault, fingerprint, hash_password, verify_password
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import Conflict, DomainError, Invalid, NotFound
from guildhall.core.i18n import _l
from guildhall.core.identity import ANONYMOUS, Actor, ActorKind
from guildhall.core.ids import token

SETUP_LIFETIME = timedelta(days=3)
IDLE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
SHORTEST_PASSWORD = 12
STEP_SECONDS = 30


class EmailTaken(Invalid):
    code = "email_taken"
    message = _l("Somebody of the staff already has this address.")


class SignInFailed(DomainError):
    """One answer for everything that does not fit, so that it tells nothing."""

    code = "sign_in_failed"
    message = _l("E-mail address, password or code does not fit.")


class CodeFailed(SignInFailed):
    code = "code_failed"
    message = _l("This code does not fit, or was used already. Wait for the next one.")


class PasswordTooShort(Invalid):
    code = "password_too_short"
    message = _l("Use at least %(length)s characters.")


class LastOwner(DomainError):
    code = "last_owner"
    message = _l("The last owner cannot be locked or given another role.")


def invite(session: UnitOfWork, email: str, name: str, role: StaffRole) -> tuple[Staff, str]:
    """Add somebody; returns the secret of the link by which they choose a password, valid for three days."""
    email = email.strip().lower()
    if session.scalar(select(Staff.id).where(Staff.email == email)):
        raise EmailTaken(fields={"email": EmailTaken.message})
    secret = token()
    staff = Staff(
        email=email,
        name=name.strip(),
        role=role,
        setup_token_hash=fingerprint(secret),
        setup_expires_at=now() + SETUP_LIFETIME,
    )
    session.add(staff)
    session.flush()
    audit.record(session, "console.staff_invited", label=email, changes={"role": [None, role]})
    return staff, secret


def by_setup_secret(session: UnitOfWork, secret: str) -> Staff:
    """Whoever the link was made for.

    Raises:
        NotFound: it was used, has expired, or never was.
    """
    found = session.scalar(select(Staff).where(Staff.setup_token_hash == fingerprint(secret)))
    if found is None or found.setup_expires_at is None or found.setup_expires_at < now():
        raise NotFound
    return found


def set_up(session: UnitOfWork, staff: Staff, password: str) -> None:
    """Choose the first password, or a new one; the link is used up and all sessions end."""
    if len(password) < SHORTEST_PASSWORD:
        error = PasswordTooShort(length=SHORTEST_PASSWORD)
        error.fields = {"password": str(error)}
        raise error
    staff.password_hash = hash_password(password)
    staff.setup_token_hash = None
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    audit.record(session, "console.staff_set_up", label=staff.email)


def check_password(session: UnitOfWork, email: str, password: str) -> Staff:
    """First step of signing in. Takes the same time whether the address is known or not.

    Raises:
        SignInFailed
    """
    staff = session.scalar(select(Staff).where(Staff.email == email.strip().lower()))
    if not verify_password(staff.password_hash if staff else None, password) or staff is None or staff.locked:
        raise SignInFailed
    return staff


def new_totp_secret() -> str:
    return pyotp.random_base32()


def totp_address(staff: Staff, secret: str) -> str:
    """What the QR code holds (otpauth://, Key Uri Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=staff.email, issuer_name="Guildhall")


def enrol_totp(staff: Staff, vault: Vault, secret: str, code: str) -> None:
    """Keep a second factor once a code proves that the device has it."""
    staff.totp_step = _accepted_step(secret, code, after=0)
    staff.totp_secret = vault.encrypt(secret)


def check_totp(staff: Staff, vault: Vault, code: str) -> None:
    """Second step of signing in. A code works once.

    Raises:
        SignInFailed
    """
    if not staff.totp_secret:
        raise SignInFailed
    staff.totp_step = _accepted_step(vault.decrypt(staff.totp_secret), code, after=staff.totp_step)


def _accepted_step(secret: str, code: str, *, after: int) -> int:
    """The time step that a code belongs to: this one, the last or the next, for clocks that differ."""
    totp, current = pyotp.TOTP(secret), int(now().timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if step > after and pyotp.utils.strings_equal(totp.generate_otp(step), code.strip().replace(" ", "")):
            return step
    raise CodeFailed(fields={"code": CodeFailed.message})


def open_session(session: UnitOfWork, staff: Staff, address: str, user_agent: str) -> str:
    """Both steps are done: returns the secret that the browser keeps."""
    secret = token()
    session.add(
        StaffSession(staff_id=staff.id, token_hash=fingerprint(secret), address=address, user_agent=user_agent[:300])
    )
    staff.last_seen_at = now()
    session.actor = _actor(staff, None)
    audit.record(session, "console.staff_signed_in", label=staff.email)
    return secret


def close_session(session: UnitOfWork, secret: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == fingerprint(secret)))


def identify(session: UnitOfWork, secret: str | None) -> Actor:
    """Whoever keeps this secret, or nobody."""
    if not secret:
        return ANONYMOUS
    found = session.scalar(select(StaffSession).where(StaffSession.token_hash == fingerprint(secret)))
    if found is None or found.staff.locked or found.seen_at < now() - IDLE:
        return ANONYMOUS
    if found.seen_at < now() - SEEN_EVERY:
        found.seen_at = now()
    return _actor(found.staff, found)


def _actor(staff: Staff, opened: StaffSession | None) -> Actor:
    return Actor(ActorKind.STAFF, staff.id, staff.name, granted(staff.role), session_id=opened.id if opened else None)


def change_role(session: UnitOfWork, staff: Staff, role: StaffRole) -> None:
    """Raises `LastOwner` if nobody would be left who may manage staff."""
    if staff.role == StaffRole.OWNER and role is not StaffRole.OWNER:
        _demand_another_owner(session, staff)
    audit.record(session, "console.staff_role_changed", label=staff.email, changes={"role": [staff.role, role]})
    staff.role = role


def lock(session: UnitOfWork, staff: Staff, *, locked: bool) -> None:
    """Shut somebody out at once, or let them in again."""
    if staff.id == session.actor.id:
        raise Conflict
    if locked:
        _demand_another_owner(session, staff)
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff.id))
    staff.locked = locked
    audit.record(session, "console.staff_locked" if locked else "console.staff_unlocked", label=staff.email)


def _demand_another_owner(session: UnitOfWork, staff: Staff) -> None:
    # The rows are locked, so that two owners cannot remove each other at one moment.
    owners = select(Staff.id).where(Staff.role == StaffRole.OWNER, Staff.locked.is_(False)).with_for_update()
    if staff.role == StaffRole.OWNER and len(set(session.scalars(owners)) - {staff.id}) == 0:
        raise LastOwner
