"""Being asked once more who one is, before what would hand the account to somebody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from guildhall.core.permissions import signed_in
from guildhall.core.web.context import client_address, current_actor, current_house, db_session, door, runtime
from guildhall.core.web.forms import Form
from guildhall.core.web.redirects import safe_path
from modules.accounts import limits
from modules.accounts.current import current_person
from modules.accounts.enums import Proof
from modules.accounts.errors import ProofNeeded
from modules.accounts.forms.me import PresentPasswordForm
from modules.accounts.forms.sign_in import CodeForm
from modules.accounts.models import Person
from modules.accounts.services.codes import check_code, request_code
from modules.accounts.services.passwords import check_own_password
from modules.accounts.services.proofs import is_fresh, note_proof
from modules.accounts.services.totp import check_second_step, has_totp

portal = Blueprint("accounts_proofs", __name__, url_prefix="/security/proof")
SENT = "proof_code"
NEXT = "proof_next"


def demand_fresh_proof() -> None:
    """Go on only for who proved lately who they are.

    Raises:
        ProofNeeded.
    """
    if not is_fresh(db_session(), current_actor().session_id):
        raise ProofNeeded


def freshly_proved(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The same for a page: it asks for the proof, and then leads back."""

    @wraps(view)
    def asked_first(**values: Any) -> ResponseReturnValue:
        current_person()
        if is_fresh(db_session(), current_actor().session_id):
            return view(**values)
        cookie[NEXT] = request.path if request.method == "GET" else url_for("accounts_me.security")
        return redirect(url_for("accounts_proofs.prove"))

    return asked_first


@portal.route("", methods=["GET", "POST"])
@signed_in
def prove() -> ResponseReturnValue:
    """The password, a code of the app, or a code that was sent."""
    person = current_person()
    way = _way(person)
    form: Form = PresentPasswordForm() if way is Proof.PASSWORD else CodeForm()
    if form.validate_on_submit():
        limits.GUESSES.count(door().limiter, current_house(), person.id, client_address())
    if form.accept(lambda: _check(person, way, form)):
        limits.GUESSES.forgive(door().limiter, current_house(), person.id)
        note_proof(db_session(), person, current_actor().session_id)
        cookie.pop(SENT, None)
        return redirect(safe_path(cookie.pop(NEXT, None), url_for("accounts_me.security")))
    return render_template(
        "accounts/me/proof.html", form=form, way=way, sent=SENT in cookie, person=person
    ), form.status


@portal.post("/code")
@signed_in
def send() -> ResponseReturnValue:
    """Send a code to the address that the person has."""
    person = current_person()
    limits.CODES.count(door().limiter, current_house(), person.id, client_address())
    cookie[SENT] = str(request_code(db_session(), person.address, person.id).id)
    return redirect(url_for(".prove"))


def _way(person: Person) -> Proof:
    """The app of whoever has one; else the password, or a code for who has none or asked for one."""
    if has_totp(db_session(), person.id):
        return Proof.APP
    return Proof.PASSWORD if person.password_hash and SENT not in cookie else Proof.CODE


def _check(person: Person, way: Proof, form: Form) -> None:
    if way is Proof.PASSWORD:
        check_own_password(person, form["password"].data or "")
    elif way is Proof.APP:
        check_second_step(db_session(), runtime().vault, person.id, form["code"].data or "")
    elif SENT in cookie:
        check_code(runtime(), current_house(), UUID(cookie[SENT]), form["code"].data or "")
    else:
        raise ProofNeeded
