"""What is kept of a person: consents, a copy of everything, and being forgotten."""

import io
import json
import zipfile
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.i18n import _
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import client_address, current_house, db_session
from modules.accounts import words
from modules.accounts.current import current_person
from modules.accounts.forms.me import DeletionForm
from modules.accounts.services.consents import consents_of, give_consent, lacks_consent, withdraw_consent
from modules.accounts.services.erasure import cancel_erasure, open_request, request_erasure
from modules.accounts.services.takeout import takeout

portal = Blueprint("accounts_privacy", __name__)


@portal.get("/privacy")
@signed_in
def overview() -> ResponseReturnValue:
    """What the person agreed to, and what they can have done."""
    session, person = db_session(), current_person()
    return render_template(
        "accounts/me/privacy.html",
        consents=consents_of(session, person.id),
        lacking=lacks_consent(session, person.id),
        deletion=open_request(session, person.id),
        words=words,
    )


@portal.post("/privacy/consents")
@signed_in
def agree() -> ResponseReturnValue:
    """Agree to the versions in force."""
    give_consent(db_session(), current_person(), "portal", client_address())
    flash(_("Thank you. It is noted."), "success")
    return redirect(url_for(".overview"))


@portal.post("/privacy/consents/<uuid:consent_id>/withdraw")
@signed_in
def withdraw(consent_id: UUID) -> ResponseReturnValue:
    """Take a consent back."""
    withdraw_consent(db_session(), current_person(), consent_id)
    flash(_("Your consent is withdrawn from now on."), "success")
    return redirect(url_for(".overview"))


@portal.post("/privacy/download")
@signed_in
def download() -> Response:
    """Everything that any module keeps of the person, as one archive of JSON files."""
    session, person = db_session(), current_person()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in takeout(session, person.id).items():
            target.writestr(f"{name}.json", json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True))
    archive.seek(0)
    audit.record(session, "accounts.data_downloaded", person)
    name = f"my-data-{now():%Y-%m-%d}.zip"
    return send_file(archive, "application/zip", as_attachment=True, download_name=name)


@portal.route("/privacy/deletion", methods=["GET", "POST"])
@signed_in
def deletion() -> ResponseReturnValue:
    """Ask to be forgotten."""
    person, form = current_person(), DeletionForm()
    if form.accept(lambda: request_erasure(db_session(), person, form.reason.data or "")):
        return redirect(url_for(".overview"))
    return render_template("accounts/me/deletion.html", form=form, house=current_house().name), form.status


@portal.post("/privacy/deletion/cancel")
@signed_in
def keep() -> ResponseReturnValue:
    """Stay after all."""
    cancel_erasure(db_session(), current_person())
    flash(_("Your account stays."), "success")
    return redirect(url_for(".overview"))
