"""The way in: one field for an e-mail address or a phone number first; password and passkey for those who have one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from guildhall.core.identity import ActorKind
from guildhall.core.permissions import public, signed_in
from guildhall.core.web.context import client_address, current_actor, current_house, db_session, door, runtime
from guildhall.core.web.redirects import safe_path
from modules.accounts import limits
from modules.accounts.addresses import is_email
from modules.accounts.current import act_as, sign_out
from modules.accounts.enums import SignInMethod
from modules.accounts.forms.sign_in import (
    AddressForm,
    CodeForm,
    InvitationForm,
    NewPasswordForm,
    PasswordForm,
    RegistrationForm,
)
from modules.accounts.models import Person
from modules.accounts.pages.arrival import CODE, NEXT, arrive, arrive_by_address, finish, registering, waiting
from modules.accounts.services.codes import check_code, request_code
from modules.accounts.services.consents import give_consent
from modules.accounts.services.invitations import accept_invitation, find_invited, join
from modules.accounts.services.passwords import check_password, find_by_reset_link, request_reset, set_password
from modules.accounts.services.people import create_person, get_person
from modules.accounts.services.totp import check_second_step

site = Blueprint("accounts", __name__)


@site.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Where everybody begins: an address, and a code goes there."""
    if "next" in request.args:
        cookie[NEXT] = safe_path(request.args["next"])
    if current_actor().kind is ActorKind.PERSON:
        return redirect(safe_path(cookie.pop(NEXT, None)))
    form = AddressForm()
    if form.validate_on_submit():
        _count(limits.CODES, form.address.data)
    if form.accept(lambda: request_code(db_session(), form.address.data or "")):
        cookie[CODE] = {"id": str(form.result.id), "to": form.result.address}
        return redirect(url_for(".code"))
    return render_template("accounts/sign_in.html", form=form), form.status


@site.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """The code that was sent, if somebody has the address; the page does not say."""
    asked = cookie.get(CODE)
    if not asked:
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if form.validate_on_submit():
        _count(limits.GUESSES, asked["to"])
    if form.accept(lambda: check_code(runtime(), current_house(), UUID(asked["id"]), form.code.data or "")):
        cookie.pop(CODE)
        return arrive_by_address(form.result)
    return render_template("accounts/code.html", form=form, to=asked["to"]), form.status


@site.route("/sign-in/password", methods=["GET", "POST"])
@public
def password() -> ResponseReturnValue:
    """Address and password."""
    form = PasswordForm()
    if form.validate_on_submit():
        _count(limits.GUESSES, form.address.data)
    if form.accept(lambda: check_password(db_session(), form.address.data or "", form.password.data or "")):
        limits.GUESSES.forgive(door().limiter, current_house(), form.address.data)
        return arrive(form.result, SignInMethod.PASSWORD)
    return render_template("accounts/password.html", form=form), form.status


@site.route("/sign-in/totp", methods=["GET", "POST"])
@public
def totp() -> ResponseReturnValue:
    """The second step of those who turned it on."""
    pending = waiting()
    if pending is None:
        return redirect(url_for(".sign_in"))
    session, form = db_session(), CodeForm()
    if form.validate_on_submit():
        _count(limits.GUESSES, pending.person_id)
    if form.accept(lambda: check_second_step(session, runtime().vault, pending.person_id, form.code.data or "")):
        limits.GUESSES.forgive(door().limiter, current_house(), pending.person_id)
        return finish(get_person(session, pending.person_id), pending.method)
    return render_template("accounts/totp.html", form=form), form.status


@site.post("/sign-out")
@signed_in
def leave() -> ResponseReturnValue:
    """End this browser's session."""
    sign_out()
    return redirect("/")


@site.route("/password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """A link to set a new password, by mail."""
    form = AddressForm()
    if form.validate_on_submit():
        _count(limits.RESETS, form.address.data)
    if form.accept(lambda: request_reset(db_session(), form.address.data or "")):
        return render_template("accounts/reset_sent.html", to=form.address.data)
    return render_template("accounts/forgotten.html", form=form), form.status


@site.route("/password/<signed>", methods=["GET", "POST"])
@public
def reset(signed: str) -> ResponseReturnValue:
    """Set a new password by the link; whoever reads the mail is the person."""
    session = db_session()
    person = find_by_reset_link(session, runtime().vault, signed)
    act_as(person)
    form = NewPasswordForm()
    if form.accept(lambda: set_password(session, person, form.password.data or "")):
        return arrive(person, SignInMethod.PASSWORD)
    return render_template("accounts/reset.html", form=form, person=person), form.status


@site.route("/invitations/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """What somebody who was invited sees first."""
    session = db_session()
    person = find_invited(session, token)
    form = InvitationForm(obj=person if request.method == "GET" else None)
    if form.accept(lambda: _accept(token, form)):
        return finish(form.result, SignInMethod.INVITATION)
    return render_template("accounts/invitation.html", form=form, person=person), form.status


@site.route("/register", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    """An account for somebody who has proved an address and was not invited, where the association lets them."""
    address = registering()
    if address is None:
        return redirect(url_for(".sign_in"))
    form = RegistrationForm()
    if form.accept(lambda: _register(address, form)):
        return finish(form.result, SignInMethod.EMAIL_CODE)
    return render_template("accounts/register.html", form=form, address=address), form.status


def _accept(token: str, form: InvitationForm) -> Person:
    session = db_session()
    person = accept_invitation(session, token, form.name.data or "")
    if form.password.data:
        set_password(session, person, form.password.data)
    give_consent(session, person, "invitation", client_address())
    return person


def _register(address: str, form: RegistrationForm) -> Person:
    session = db_session()
    email, phone = (address, None) if is_email(address) else (None, address)
    person = create_person(session, form.name.data or "", email=email, phone=phone)
    give_consent(session, join(session, person, person.name), "registration", client_address())
    return person


def _count(attempts: limits.Attempts, subject: object) -> None:
    attempts.count(door().limiter, current_house(), subject, client_address())
