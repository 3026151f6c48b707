"""One-time codes by e-mail and text message.

Asking for a code does the same for every address, known or not: one row and one job. Whether somebody has the address
is looked up by the job, so neither the answer nor its time tells (OWASP Authentication Cheat Sheet).
"""

import hmac
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, update

from guildhall.core.clock import now
from guildhall.core.config import ModuleSettings
from guildhall.core.db import UnitOfWork
from guildhall.core.house import House
from guildhall.core.ids import digits
from guildhall.core.jobs.contract import Job, JobContext
from guildhall.core.jobs.queue import enqueue
from guildhall.core.mail import send_mail
from guildhall.core.runtime import Runtime
from guildhall.core.sms import send_sms
from modules.accounts import mails
from modules.accounts.addresses import is_email, normal_address
from modules.accounts.enums import PersonStatus
from modules.accounts.errors import CodeWrong
from modules.accounts.models import Person, SignInCode
from modules.accounts.services.people import find_by_address
from modules.accounts.settings import SELF_REGISTRATION

VALID = timedelta(minutes=10)
MOST_ATTEMPTS = 5
KEPT = timedelta(days=1)


def request_code(session: UnitOfWork, address: str, person_id: UUID | None = None) -> SignInCode:
    """Have a code sent, if somebody has this address, or in any case to a person who wants to prove that it is theirs.

    Raises:
        AddressInvalid: at the field `address`.
    """
    row = SignInCode(address=normal_address(address), person_id=person_id, expires_at=now() + VALID)
    session.add(row)
    session.flush()
    enqueue(session, SEND_CODE, code_id=row.id)
    return row


def check_code(runtime: Runtime, house: House, code_id: UUID, code: str) -> str:
    """The address that a code proves. The attempt is counted in a transaction of its own, before the comparison, so
    that neither an error nor many attempts at once get around the limit.

    Raises:
        CodeWrong: at the field `code`; also when it is too old, was used, or was tried too often.
    """
    open_codes = update(SignInCode).where(
        SignInCode.id == code_id,
        SignInCode.used_at.is_(None),
        SignInCode.expires_at > now(),
        SignInCode.attempts < MOST_ATTEMPTS,
    )
    with runtime.db.begin(house) as session:
        counted = open_codes.values(attempts=SignInCode.attempts + 1)
        row = session.execute(counted.returning(SignInCode.code_hash, SignInCode.address)).first()
        given = _hash(runtime, code_id, code)
        if row is not None and row.code_hash and hmac.compare_digest(row.code_hash, given):
            session.execute(update(SignInCode).where(SignInCode.id == code_id).values(used_at=now()))
            return str(row.address)
    raise CodeWrong(fields={"code": CodeWrong.message})


def _send(context: JobContext, code_id: UUID) -> None:
    session = context.session
    row = session.get(SignInCode, code_id)
    if row is None or row.used_at:
        return
    person = session.get(Person, row.person_id) if row.person_id else find_by_address(session, row.address)
    if not _is_welcome(session, person):
        return
    code = digits()
    row.code_hash = _hash(context.runtime, code_id, code)
    locale = person.locale if person else session.house.locale
    words = {"code": code, "minutes": VALID.seconds // 60}
    if is_email(row.address):
        send_mail(session, mails.SIGN_IN_CODE.name, row.address, locale, words)
    else:
        send_sms(session, mails.SIGN_IN_CODE_SMS.name, row.address, locale, words)


def _is_welcome(session: UnitOfWork, person: Person | None) -> bool:
    if person is None:
        return bool(ModuleSettings(session, "accounts").get(SELF_REGISTRATION.key))
    return person.status in {PersonStatus.ACTIVE, PersonStatus.INVITED}


def _hash(runtime: Runtime, code_id: UUID, code: str) -> str:
    """Keyed, since six digits alone would be guessed from their hash in no time."""
    message = f"{code_id}/{code.strip()}".encode()
    return hmac.digest(runtime.vault.key("sign-in-code"), message, "sha256").hex()


def sweep_codes(session: UnitOfWork) -> None:
    """Forget yesterday's codes, and with them who asked."""
    session.execute(delete(SignInCode).where(SignInCode.created_at < now() - KEPT))


SEND_CODE = Job("accounts.send_code", _send)
