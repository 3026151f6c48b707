"""Passkeys, as the browser's script asks for them: JSON in both directions."""

import json
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from guildhall.core.errors import DomainError
from guildhall.core.i18n import _
from guildhall.core.permissions import public, signed_in
from guildhall.core.web.context import client_address, current_house, db_session, door, runtime
from guildhall.core.web.errors import problem
from modules.accounts import limits
from modules.accounts.current import current_person
from modules.accounts.enums import SignInMethod
from modules.accounts.errors import PasskeyRefused
from modules.accounts.pages.arrival import finish_at
from modules.accounts.pages.proofs import demand_fresh_proof
from modules.accounts.services import passkeys

site = Blueprint("accounts_passkeys", __name__)
CHALLENGE = "challenge"


@site.errorhandler(DomainError)
def refused(error: DomainError) -> ResponseReturnValue:
    """The script reads `detail`."""
    return problem(error.status, str(error), str(error), code=error.code)


@site.post("/passkeys/sign-in/options")
@public
def sign_in_options() -> ResponseReturnValue:
    """What the browser is to ask of its passkeys."""
    limits.CHALLENGES.count(door().limiter, current_house(), client_address(), client_address())
    return _asked(passkeys.begin_sign_in(db_session()))


@site.post("/passkeys/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Judge the answer. A passkey with user verification is two factors at once, so no second step follows."""
    limits.GUESSES.count(door().limiter, current_house(), client_address(), client_address())
    person = passkeys.finish_sign_in(db_session(), _challenge(), _answer())
    return jsonify(redirect=finish_at(person, SignInMethod.PASSKEY))


@site.post("/me/security/passkeys/options")
@signed_in
def register_options() -> ResponseReturnValue:
    """What the browser is to make."""
    demand_fresh_proof()
    return _asked(passkeys.begin_registration(db_session(), current_person()))


@site.post("/me/security/passkeys")
@signed_in
def register() -> ResponseReturnValue:
    """Keep what it made."""
    demand_fresh_proof()
    person = current_person()
    name = _("Passkey of %(device)s", device=_device())
    passkeys.finish_registration(db_session(), person, _challenge(person.id), _answer(), name)
    return jsonify(redirect="/me/security")


def _asked(ceremony: passkeys.Ceremony) -> Response:
    cookie[CHALLENGE] = str(ceremony.challenge_id)
    return jsonify(json.loads(ceremony.options))


def _challenge(person_id: UUID | None = None) -> bytes:
    """The question that this browser was asked; it is answered once."""
    challenge_id = cookie.pop(CHALLENGE, None)
    if challenge_id is None:
        raise PasskeyRefused
    return passkeys.spend_challenge(runtime(), current_house(), UUID(challenge_id), person_id)


def _answer() -> dict[str, object]:
    answer = request.get_json(silent=True)
    if not isinstance(answer, dict):
        raise PasskeyRefused
    return answer


def _device() -> str:
    systems = ("iPhone", "iPad", "Android", "HarmonyOS", "Macintosh", "Windows", "Linux")
    agent = request.headers.get("User-Agent", "")
    return next((name for name in systems if name in agent), "?").replace("Macintosh", "Mac")
