"""The second step: an authenticator app (RFC 6238), and codes on paper for the day the phone is lost."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import Vault, fingerprint
from guildhall.core.db import UnitOfWork
from guildhall.core.house import House
from modules.accounts.errors import CodeWrong
from modules.accounts.models import Person, RecoveryCode, Totp
from modules.accounts.services.notices import tell_of_change

STEP_SECONDS = 30
DRIFT = (-1, 0, 1)  # RFC 6238 §5.2: one step for clocks that differ
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the app is given, as text to type and as the content of a QR code."""

    secret: str
    uri: str


def enrolment_of(house: House, person: Person, secret: str) -> Enrolment:
    """A secret as the app wants it."""
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person.address, issuer_name=house.name))


def confirm_totp(session: UnitOfWork, vault: Vault, person: Person, secret: str, code: str) -> Sequence[str]:
    """Turn the second step on, by a code that the app made from this secret; returns the recovery codes, readable this
    once.

    Raises:
        CodeWrong: at the field `code`.
    """
    step = _step_of(secret, code)
    if step is None:
        raise CodeWrong(fields={"code": CodeWrong.message})
    session.merge(Totp(person_id=person.id, secret=vault.encrypt(secret), confirmed_at=now(), last_step=step))
    session.flush()
    audit.record(session, "accounts.totp_on", person)
    tell_of_change(session, person, "totp")
    return renew_recovery_codes(session, person)


def has_totp(session: UnitOfWork, person_id: UUID) -> bool:
    """Whether signing in asks for the second step."""
    return session.get(Totp, person_id) is not None


def check_second_step(session: UnitOfWork, vault: Vault, person_id: UUID, code: str) -> None:
    """Accept a code from the app, or a recovery code; each works once.

    Raises:
        CodeWrong: at the field `code`.
    """
    row = session.get(Totp, person_id)
    if row is None or not (_matches(session, vault, row, code) or _spend(session, person_id, code)):
        raise CodeWrong(fields={"code": CodeWrong.message})


def turn_off_totp(session: UnitOfWork, person: Person) -> None:
    """Sign in without the second step from now on."""
    session.execute(delete(Totp).where(Totp.person_id == person.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    session.expire_all()
    audit.record(session, "accounts.totp_off", person)
    tell_of_change(session, person, "totp")


def renew_recovery_codes(session: UnitOfWork, person: Person) -> Sequence[str]:
    """New codes in place of all earlier ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["-".join(_letters(5) for _half in range(2)) for _code in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person.id, fingerprint=_of(person.id, code)) for code in codes)
    session.flush()
    audit.record(session, "accounts.recovery_codes_renewed", person)
    return codes


def count_recovery_codes(session: UnitOfWork, person_id: UUID) -> int:
    """How many are left."""
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def _matches(session: UnitOfWork, vault: Vault, row: Totp, code: str) -> bool:
    """Whether the code is of this moment and later than the last one taken, which it then becomes."""
    step = _step_of(vault.decrypt(row.secret), code)
    if step is None:
        return False
    later = update(Totp).where(Totp.person_id == row.person_id, Totp.last_step < step).values(last_step=step)
    return bool(session.execute(later).rowcount)  # type: ignore[attr-defined]


def _step_of(secret: str, code: str) -> int | None:
    """The time step that the code belongs to, if it is about now."""
    totp = pyotp.TOTP(secret)
    given, moment = code.replace(" ", ""), int(now().timestamp()) // STEP_SECONDS
    steps = (moment + drift for drift in DRIFT)
    return next((step for step in steps if hmac.compare_digest(_code(totp, step), given.encode())), None)


def _code(totp: pyotp.TOTP, step: int) -> bytes:
    return totp.at(step * STEP_SECONDS).encode()


def _spend(session: UnitOfWork, person_id: UUID, code: str) -> bool:
    unused = (RecoveryCode.fingerprint == _of(person_id, code), RecoveryCode.used_at.is_(None))
    spent = update(RecoveryCode).where(RecoveryCode.person_id == person_id, *unused).values(used_at=now())
    return bool(session.execute(spent).rowcount)  # type: ignore[attr-defined]


def _of(person_id: UUID, code: str) -> str:
    return fingerprint(f"{person_id}/{code.strip().lower()}")


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _letter in range(count))
