"""From a proof to a session: the second step, the invitation that is still open, and the way back."""

import time
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from guildhall.core.config import ModuleSettings
from guildhall.core.web.context import db_session
from guildhall.core.web.redirects import safe_path
from modules.accounts.addresses import is_email
from modules.accounts.current import sign_in
from modules.accounts.enums import PersonStatus, SignInMethod
from modules.accounts.errors import CodeWrong
from modules.accounts.models import Person
from modules.accounts.services.invitations import open_invitation
from modules.accounts.services.people import find_by_address
from modules.accounts.services.roles import roles_of
from modules.accounts.services.totp import has_totp
from modules.accounts.settings import SELF_REGISTRATION

CODE = "code"
NEXT = "next"
SECOND_STEP = "second_step"
REGISTERING = "registering"
# How long a browser may take from one proof to the next.
PATIENCE_SECONDS = 10 * 60


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody who gave the first proof and still owes the second."""

    person_id: UUID
    method: SignInMethod


def arrive_by_address(address: str) -> ResponseReturnValue:
    """Go on for whoever has proved an address by a code."""
    session = db_session()
    person = find_by_address(session, address)
    if person is None:
        if not ModuleSettings(session, "accounts").get(SELF_REGISTRATION.key):
            raise CodeWrong
        cookie[REGISTERING] = {"address": address, "at": int(time.time())}
        return redirect(url_for("accounts.register"))
    if person.status == PersonStatus.INVITED:
        return redirect(open_invitation(session, person).url)
    if not person.is_active:
        raise CodeWrong
    return arrive(person, SignInMethod.EMAIL_CODE if is_email(address) else SignInMethod.SMS_CODE)


def arrive(person: Person, method: SignInMethod) -> ResponseReturnValue:
    """Go on after the first proof: to the second step where it is on, else in."""
    if not has_totp(db_session(), person.id):
        return finish(person, method)
    cookie[SECOND_STEP] = {"person": str(person.id), "method": method, "at": int(time.time())}
    return redirect(url_for("accounts.totp"))


def finish(person: Person, method: SignInMethod) -> ResponseReturnValue:
    """Sign in, and go to where the person wanted to go."""
    return redirect(finish_at(person, method))


def finish_at(person: Person, method: SignInMethod) -> str:
    """Sign in; returns the address to go on to."""
    session = db_session()
    home = "/admin" if roles_of(session, person.id) else "/me"
    target = safe_path(cookie.get(NEXT), home)
    sign_in(person, method)
    return target


def waiting() -> Pending | None:
    """Who owes the second step in this browser."""
    held = _fresh(SECOND_STEP)
    return Pending(UUID(held["person"]), SignInMethod(held["method"])) if held else None


def registering() -> str | None:
    """The address that this browser has proved and nobody has yet."""
    held = _fresh(REGISTERING)
    return held["address"] if held else None


def _fresh(key: str) -> dict[str, str] | None:
    held = cookie.get(key)
    return held if held and int(held["at"]) > time.time() - PATIENCE_SECONDS else None
