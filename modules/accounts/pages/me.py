"""A person's own pages: who they are, how they sign in, and what is kept of them."""

from uuid import UUID

import pyotp
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from guildhall.core.crypto import Vault
from guildhall.core.i18n import _
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import client_address, current_actor, current_house, db_session, door, runtime
from modules.accounts import limits
from modules.accounts.current import current_person
from modules.accounts.forms.me import ChangePasswordForm, ProfileForm
from modules.accounts.forms.sign_in import AddressForm, CodeForm
from modules.accounts.models import Person
from modules.accounts.pages.proofs import freshly_proved
from modules.accounts.queries import sessions_of
from modules.accounts.services.addresses import take_address
from modules.accounts.services.codes import check_code, request_code
from modules.accounts.services.passkeys import passkeys_of, remove_passkey
from modules.accounts.services.passwords import change_password
from modules.accounts.services.people import change_person, set_locale
from modules.accounts.services.proofs import is_fresh
from modules.accounts.services.sessions import end_session, end_sessions
from modules.accounts.services.totp import (
    check_second_step,
    confirm_totp,
    count_recovery_codes,
    enrolment_of,
    has_totp,
    renew_recovery_codes,
    turn_off_totp,
)

portal = Blueprint("accounts_me", __name__)
ADDRESS_CODE = "address_code"
TOTP_SECRET = "totp_secret"  # noqa: S105 - the name of the cookie's entry


@portal.route("/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    """Name, company, language; addresses are changed by proof."""
    person = current_person()
    form = ProfileForm(obj=person)
    if form.accept(lambda: _save(person, form)):
        cookie["locale"] = person.locale
        flash(_("Saved."), "success")
        return redirect(url_for(".profile"))
    return render_template("accounts/me/profile.html", form=form, person=person), form.status


@portal.route("/address", methods=["GET", "POST"])
@freshly_proved
@signed_in
def address() -> ResponseReturnValue:
    """A new e-mail address or phone number: a code goes there."""
    person, form = current_person(), AddressForm()
    if form.validate_on_submit():
        limits.CODES.count(door().limiter, current_house(), person.id, client_address())
    if form.accept(lambda: request_code(db_session(), form.address.data or "", person.id)):
        cookie[ADDRESS_CODE] = {"id": str(form.result.id), "to": form.result.address}
        return redirect(url_for(".address_code"))
    return render_template("accounts/me/address.html", form=form), form.status


@portal.route("/address/code", methods=["GET", "POST"])
@signed_in
def address_code() -> ResponseReturnValue:
    """The code proves the address, which then is the person's."""
    asked = cookie.get(ADDRESS_CODE)
    if not asked:
        return redirect(url_for(".address"))
    person, form = current_person(), CodeForm()
    if form.validate_on_submit():
        limits.GUESSES.count(door().limiter, current_house(), person.id, client_address())
    if form.accept(lambda: _take(person, UUID(asked["id"]), form.code.data or "")):
        cookie.pop(ADDRESS_CODE)
        flash(_("Saved."), "success")
        return redirect(url_for(".profile"))
    return render_template("accounts/me/address_code.html", form=form, to=asked["to"]), form.status


@portal.get("/security")
@signed_in
def security() -> ResponseReturnValue:
    """All ways into the account, and where it is open."""
    session, person = db_session(), current_person()
    return render_template(
        "accounts/me/security.html",
        person=person,
        passkeys=passkeys_of(session, person.id),
        totp=has_totp(session, person.id),
        codes_left=count_recovery_codes(session, person.id),
        sessions=sessions_of(session, person.id),
        current_session=current_actor().session_id,
        proved=is_fresh(session, current_actor().session_id),
    )


@portal.route("/security/password", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    """Set or change the password; other browsers are signed out."""
    person, form = current_person(), ChangePasswordForm()
    if form.validate_on_submit():
        limits.GUESSES.count(door().limiter, current_house(), person.id, client_address())
    if form.accept(lambda: _change_password(person, form)):
        flash(_("The password is set. Other browsers were signed out."), "success")
        return redirect(url_for(".security"))
    return render_template("accounts/me/password.html", form=form, person=person), form.status


@portal.post("/security/passkeys/<uuid:passkey_id>/delete")
@freshly_proved
@signed_in
def delete_passkey(passkey_id: UUID) -> ResponseReturnValue:
    """Forget a passkey."""
    remove_passkey(db_session(), current_person(), passkey_id)
    flash(_("The passkey was removed."), "success")
    return redirect(url_for(".security"))


@portal.route("/security/totp", methods=["GET", "POST"])
@signed_in
def totp() -> ResponseReturnValue:
    """Turn the second step on: scan, type the first code, keep the recovery codes."""
    session, person = db_session(), current_person()
    if has_totp(session, person.id):
        return redirect(url_for(".security"))
    vault, form = runtime().vault, CodeForm()
    secret = _pending_secret(vault)
    if form.accept(lambda: confirm_totp(session, vault, person, secret, form.code.data or "")):
        cookie.pop(TOTP_SECRET)
        return render_template("accounts/me/recovery_codes.html", codes=form.result)
    enrolment = enrolment_of(session.house, person, secret)
    return render_template("accounts/me/totp.html", form=form, enrolment=enrolment), form.status


@portal.route("/security/totp/<any(off, codes):act>", methods=["GET", "POST"])
@signed_in
def totp_change(act: str) -> ResponseReturnValue:
    """Turn the second step off, or make new recovery codes; both ask for a code of the app."""
    session, person, form = db_session(), current_person(), CodeForm()
    if form.validate_on_submit():
        limits.GUESSES.count(door().limiter, current_house(), person.id, client_address())
    if not form.accept(lambda: check_second_step(session, runtime().vault, person.id, form.code.data or "")):
        return render_template("accounts/me/totp_change.html", form=form, act=act), form.status
    if act == "codes":
        return render_template("accounts/me/recovery_codes.html", codes=renew_recovery_codes(session, person))
    turn_off_totp(session, person)
    flash(_("The second step is off."), "success")
    return redirect(url_for(".security"))


@portal.post("/security/sessions/end")
@signed_in
def end() -> ResponseReturnValue:
    """Sign out one browser by its id, or all but this one."""
    actor, session = current_actor(), db_session()
    person = current_person()
    chosen = request.form.get("session", type=UUID)
    if chosen:
        end_session(session, person.id, chosen)
    else:
        end_sessions(session, person.id, but=actor.session_id)
    flash(_("Signed out there."), "success")
    return redirect(url_for(".security"))


def _pending_secret(vault: Vault) -> str:
    """A secret that counts once it is confirmed; until then only this browser keeps it, sealed."""
    if TOTP_SECRET not in cookie:
        cookie[TOTP_SECRET] = vault.encrypt(pyotp.random_base32())
    return vault.decrypt(cookie[TOTP_SECRET])


def _save(person: Person, form: ProfileForm) -> None:
    session = db_session()
    change_person(
        session,
        person,
        name=form.name.data or "",
        email=person.email,
        phone=person.phone,
        organization=form.organization.data or "",
    )
    set_locale(session, person, form.locale.data)


def _take(person: Person, code_id: UUID, code: str) -> None:
    take_address(db_session(), person, check_code(runtime(), current_house(), code_id, code))


def _change_password(person: Person, form: ChangePasswordForm) -> None:
    change_password(
        db_session(),
        person,
        form.current.data or "",
        form.password.data or "",
        keep_session=current_actor().session_id,
    )
