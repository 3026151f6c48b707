"""Staff: who works here, and what they may do."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from guildhall.console import staff as service
from guildhall.console.forms import InviteForm
from guildhall.console.models import Staff, StaffRole
from guildhall.console.permissions import ROLE_LABELS, STAFF
from guildhall.core.errors import Invalid
from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session, runtime

blueprint = Blueprint("staff", __name__, url_prefix="/staff")


@blueprint.route("/", methods=["GET", "POST"])
@allow(STAFF)
def index() -> ResponseReturnValue:
    """The list; posting invites somebody and shows their link once."""
    form, links = InviteForm(), []

    def invite() -> None:
        _staff, secret = service.invite(db_session(), form.email.data, form.name.data, StaffRole(form.role.data))
        links.append(runtime().settings.url_of(f"console.{runtime().settings.base_host}", f"/set-up/{secret}"))

    if request.method == "POST" and form.accept(invite):
        form = InviteForm(formdata=None)
    people = list(db_session().scalars(select(Staff).order_by(Staff.name)))
    page = render_template(
        "console/staff.html", people=people, form=form, link=links[0] if links else "", roles=ROLE_LABELS
    )
    return page, form.status


@blueprint.post("/<uuid:staff_id>/role")
@allow(STAFF)
def role(staff_id: UUID) -> ResponseReturnValue:
    if request.form.get("role") not in set(StaffRole):
        raise Invalid
    service.change_role(db_session(), db_session().get_or_404(Staff, staff_id), StaffRole(request.form["role"]))
    flash(_("The role is changed."), "success")
    return redirect(url_for("staff.index"))


@blueprint.post("/<uuid:staff_id>/<any(lock, unlock):act>")
@allow(STAFF)
def lock(staff_id: UUID, act: str) -> ResponseReturnValue:
    service.lock(db_session(), db_session().get_or_404(Staff, staff_id), locked=act == "lock")
    return redirect(url_for("staff.index"))
