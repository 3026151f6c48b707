"""The secretariat's pages of people."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _, ngettext
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, db_session
from guildhall.core.web.downloads import sheet_response
from guildhall.core.web.table import Query
from modules.accounts import listing, words
from modules.accounts.enums import ErasureState, PersonStatus
from modules.accounts.forms.admin import InviteForm, PersonForm, ReasonForm, RolesForm
from modules.accounts.models import Person
from modules.accounts.permissions import PEOPLE_ERASE, PEOPLE_MANAGE, PEOPLE_VIEW, ROLES_MANAGE
from modules.accounts.queries import history_of, sessions_of
from modules.accounts.services.erasure import erase_person, open_request, waiting_requests
from modules.accounts.services.invitations import invite, send_invitation
from modules.accounts.services.people import change_person, get_person, resume, suspend
from modules.accounts.services.roles import assign_roles, label_of, may_act_on, roles_by_id, roles_of
from modules.accounts.services.sessions import end_sessions

admin = Blueprint("accounts_people", __name__, url_prefix="/people")


@admin.get("")
@allow(PEOPLE_VIEW)
def index() -> ResponseReturnValue:
    """Everybody, searched, narrowed and sorted by the address."""
    session = db_session()
    table = listing.people_table(session, Query(request.path, request.args.to_dict()))
    waiting = len(waiting_requests(session)) if session.actor.may(PEOPLE_ERASE) else 0
    return render_template("accounts/people/index.html", table=table, waiting=waiting)


@admin.get("/export")
@allow(PEOPLE_VIEW)
def export() -> Response:
    """The whole list, as narrowed."""
    session = db_session()
    titles, rows = listing.people_sheet(session, Query(request.path, request.args.to_dict()))
    return sheet_response("people", titles, rows)


@admin.route("/invite", methods=["GET", "POST"])
@allow(PEOPLE_MANAGE)
def invite_one() -> ResponseReturnValue:
    """Invite a colleague or a member."""
    form = InviteForm()
    if form.accept(lambda: _invite(form)):
        flash(_("The invitation is on its way."), "success")
        return redirect(url_for(".show", person_id=form.result))
    return render_template("accounts/people/invite.html", form=form, may_give_roles=_may_give_roles()), form.status


@admin.get("/<uuid:person_id>")
@allow(PEOPLE_VIEW)
def show(person_id: UUID) -> ResponseReturnValue:
    """One person: who, how they come in, what happened."""
    session = db_session()
    person = get_person(session, person_id)
    return render_template(
        "accounts/people/show.html",
        person=person,
        state=words.STATUS[PersonStatus(person.status)],
        methods=words.METHODS,
        roles=words.enumeration(label_of(role) for role in roles_of(session, person.id)),
        sessions=sessions_of(session, person.id),
        happenings=[words.happening(entry) for entry in history_of(session, person.id)],
        deletion=open_request(session, person.id),
        actions=listing.person_actions(session, person),
        may=current_actor().may,
        permissions={"manage": PEOPLE_MANAGE, "erase": PEOPLE_ERASE, "roles": ROLES_MANAGE},
    )


@admin.route("/<uuid:person_id>/edit", methods=["GET", "POST"])
@allow(PEOPLE_MANAGE)
def edit(person_id: UUID) -> ResponseReturnValue:
    """Change what the association knows of a person."""
    session = db_session()
    person = get_person(session, person_id)
    form = PersonForm(obj=person)
    if form.accept(lambda: change_person(session, person, **_values(form))):
        flash(_("Saved."), "success")
        return redirect(url_for(".show", person_id=person.id))
    return render_template("accounts/people/edit.html", form=form, person=person), form.status


@admin.route("/<uuid:person_id>/roles", methods=["GET", "POST"])
@allow(ROLES_MANAGE)
def roles(person_id: UUID) -> ResponseReturnValue:
    """Say what a person may do."""
    session = db_session()
    person = get_person(session, person_id)
    form = RolesForm(data={"roles": [str(role.id) for role in roles_of(session, person.id)]})
    if form.accept(lambda: assign_roles(session, person, roles_by_id(session, form.role_ids))):
        flash(_("Saved."), "success")
        return redirect(url_for(".show", person_id=person.id))
    return render_template("accounts/people/roles.html", form=form, person=person), form.status


@admin.post("/<uuid:person_id>/invite")
@allow(PEOPLE_MANAGE)
def invite_again(person_id: UUID) -> ResponseReturnValue:
    """Send another link; the earlier one stops working."""
    send_invitation(db_session(), get_person(db_session(), person_id))
    flash(_("The invitation is on its way."), "success")
    return redirect(url_for(".show", person_id=person_id))


@admin.route("/<uuid:person_id>/suspend", methods=["GET", "POST"])
@allow(PEOPLE_MANAGE)
def suspend_one(person_id: UUID) -> ResponseReturnValue:
    """Keep a person out."""
    session, form = db_session(), ReasonForm()
    person = get_person(session, person_id)
    if form.accept(lambda: suspend(session, person, form.reason.data or "")):
        flash(_("Suspended, and signed out everywhere."), "success")
        return redirect(url_for(".show", person_id=person.id))
    return render_template("accounts/people/suspend.html", form=form, person=person), form.status


@admin.post("/<uuid:person_id>/resume")
@allow(PEOPLE_MANAGE)
def resume_one(person_id: UUID) -> ResponseReturnValue:
    """Let a person in again."""
    resume(db_session(), get_person(db_session(), person_id))
    flash(_("The person can sign in again."), "success")
    return redirect(url_for(".show", person_id=person_id))


@admin.post("/<uuid:person_id>/sessions/end")
@allow(PEOPLE_MANAGE)
def sign_out_everywhere(person_id: UUID) -> ResponseReturnValue:
    """End all sessions of a person, such as after a phone was lost."""
    end_sessions(db_session(), get_person(db_session(), person_id).id)
    flash(_("Signed out everywhere."), "success")
    return redirect(url_for(".show", person_id=person_id))


@admin.post("/<uuid:person_id>/erase")
@allow(PEOPLE_ERASE)
def erase(person_id: UUID) -> ResponseReturnValue:
    """Forget a person; asked for by typing the name."""
    session = db_session()
    person = get_person(session, person_id)
    if request.form.get("confirmation", "").strip() != person.name:
        flash(_("Type the name to confirm."), "error")
        return redirect(url_for(".show", person_id=person_id))
    kept = erase_person(session, person)
    return render_template("accounts/people/erased.html", kept=kept)


@admin.get("/deletions")
@allow(PEOPLE_ERASE)
def deletions() -> ResponseReturnValue:
    """Who asked to be forgotten."""
    waiting = [
        (request_, person, words.ERASURE[ErasureState(request_.state)])
        for request_, person in waiting_requests(db_session())
    ]
    return render_template("accounts/people/deletions.html", waiting=waiting)


@admin.post("/bulk/<any(invite, suspend):act>")
@allow(PEOPLE_MANAGE)
def bulk(act: str) -> ResponseReturnValue:
    """Do the same with everybody who was chosen; whom it does not fit is left out."""
    session = db_session()
    chosen = [session.get(Person, person_id) for person_id in request.form.getlist("ids", type=UUID)]
    wanted, do = (PersonStatus.INVITED, send_invitation) if act == "invite" else (PersonStatus.ACTIVE, suspend)
    fitting = [p for p in chosen if p is not None and p.status == wanted and p.id != session.actor.person_id]
    if act == "suspend":
        fitting = [person for person in fitting if may_act_on(session, person)]
    for person in fitting:
        do(session, person)
    flash(ngettext("%(num)s person done.", "%(num)s people done.", len(fitting)), "success")
    return redirect(url_for(".index"))


def _values(form: PersonForm) -> dict[str, str]:
    return {name: form[name].data or "" for name in ("name", "email", "phone", "organization")}


def _may_give_roles() -> bool:
    return current_actor().may(ROLES_MANAGE)


def _invite(form: InviteForm) -> UUID:
    session = db_session()
    invited = invite(session, form.email.data or "", form.name.data or "", locale=form.locale.data)
    if form.roles.data and _may_give_roles():
        person = get_person(session, invited.person_id)
        had = roles_of(session, person.id)
        given = roles_by_id(session, form.role_ids)
        assign_roles(session, person, list({role.id: role for role in (*had, *given)}.values()))
    return invited.person_id
