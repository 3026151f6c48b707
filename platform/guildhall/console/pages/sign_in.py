"""Signing in to the console: password, then the second factor that everybody must have."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import Email, InputRequired, Length

from guildhall.console import staff as service
from guildhall.console.models import Staff
from guildhall.core.errors import NotFound
from guildhall.core.i18n import _l
from guildhall.core.permissions import public
from guildhall.core.ratelimit import Limit
from guildhall.core.web.context import client_address, current_actor, db_session, door, runtime
from guildhall.core.web.forms import Form
from guildhall.core.web.redirects import safe_path

blueprint = Blueprint("sign_in", __name__)

BY_ACCOUNT = Limit("console-account", 10, 900)
BY_ADDRESS = Limit("console-address", 50, 900)
BY_ALL = Limit("console-all", 500, 900)
SESSION_KEY = "staff"
PENDING_KEY = "pending_staff"


class PasswordForm(Form):
    email = EmailField(_l("E-mail"), [InputRequired(), Email(), Length(max=200)])
    password = PasswordField(_l("Password"), [InputRequired(), Length(max=200)])


class CodeForm(Form):
    code = StringField(_l("Code from your authenticator"), [InputRequired(), Length(min=6, max=7)])


class NewPasswordForm(Form):
    password = PasswordField(
        _l("New password"), [InputRequired(), Length(max=200)], description=_l("At least 12 characters.")
    )


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def password() -> ResponseReturnValue:
    if current_actor().signed_in:
        return redirect("/")
    form = PasswordForm()
    if form.accept(lambda: _checked(form)):
        # A new session from here on: what came before the password is forgotten (session fixation).
        back, staff = safe_path(request.args.get("next")), form.result
        session.clear()
        session[PENDING_KEY] = {"id": str(staff.id), "next": back}
        return redirect(url_for("sign_in.code" if staff.totp_secret else "sign_in.enrol"))
    return render_template("console/sign_in.html", form=form), form.status


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    staff, form = _pending(), CodeForm()
    if not staff.totp_secret:
        return redirect(url_for("sign_in.enrol"))
    if form.accept(lambda: _counted(lambda: service.check_totp(staff, runtime().vault, form.code.data))):
        return _enter(staff)
    return render_template("console/code.html", form=form), form.status


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
@public
def enrol() -> ResponseReturnValue:
    """First sign-in: no way round the second factor."""
    staff, form = _pending(), CodeForm()
    if staff.totp_secret:
        return redirect(url_for("sign_in.code"))
    # Sealed: the cookie is signed, but its holder could read it.
    sealed = session.setdefault("totp", runtime().vault.encrypt(service.new_totp_secret()))
    secret = runtime().vault.decrypt(sealed)
    if form.accept(lambda: _counted(lambda: service.enrol_totp(staff, runtime().vault, secret, form.code.data))):
        return _enter(staff)
    page = render_template("console/enrol.html", form=form, secret=secret, address=service.totp_address(staff, secret))
    return page, form.status


@blueprint.route("/set-up/<secret>", methods=["GET", "POST"])
@public
def set_up(secret: str) -> ResponseReturnValue:
    """The link of an invitation: choose a password, then sign in with it."""
    staff, form = service.by_setup_secret(db_session(), secret), NewPasswordForm()
    if form.accept(lambda: service.set_up(db_session(), staff, form.password.data)):
        session.clear()
        return redirect(url_for("sign_in.password"))
    return render_template("console/set_up.html", form=form, staff=staff), form.status


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    service.close_session(db_session(), session.get(SESSION_KEY, ""))
    session.clear()
    return redirect(url_for("sign_in.password"))


def _pending() -> Staff:
    """Whoever has given a password in this browser."""
    pending = session.get(PENDING_KEY)
    staff = db_session().get(Staff, pending["id"]) if pending else None
    if staff is None or staff.locked:
        raise NotFound
    return staff


def _checked(form: PasswordForm) -> Staff:
    _count(form.email.data)
    return service.check_password(db_session(), form.email.data, form.password.data)


def _counted(check: Callable[[], None]) -> None:
    """A code is six digits: what keeps it from being guessed is the limit."""
    _count(session[PENDING_KEY]["id"])
    check()


def _enter(staff: Staff) -> ResponseReturnValue:
    back = session[PENDING_KEY]["next"]
    session.clear()
    session[SESSION_KEY] = service.open_session(db_session(), staff, client_address(), request.user_agent.string)
    return redirect(back)


def _count(account: str) -> None:
    limiter = door().limiter
    limiter.hit(BY_ADDRESS, "console", client_address())
    limiter.hit(BY_ACCOUNT, "console", account)
    limiter.hit(BY_ALL, "console")
