"""The vendor's staff in a house: how a visit begins, how everybody there sees it, and how it ends."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import NotFound
from guildhall.core.i18n import _
from guildhall.core.identity import Actor, ActorKind
from guildhall.core.permissions import allow, public
from guildhall.core.web.context import current_actor, current_house, db_session, runtime
from guildhall.core.web.view import Banner, Entry
from modules.secretariat.permissions import AUDIT_VIEW
from tenants.models import SupportAccess
from tenants.support import end_access, find_access, visitor, visits

blueprint = Blueprint("support", __name__, template_folder="templates")
SESSION_KEY = "support"


@blueprint.get("/-/support/<secret>")
@public
def enter(secret: str) -> ResponseReturnValue:
    """From the console into the house. The secret opens this one house, until the visit ends."""
    with runtime().db.begin(runtime().platform) as platform:
        access = find_access(platform, current_house().id, secret)
    if access is None:
        raise NotFound
    session.clear()
    session[SESSION_KEY] = secret
    db_session().actor = visitor(access, frozenset())
    audit.record(db_session(), "support.entered", label=access.staff_label)
    return redirect("/admin/")


@blueprint.post("/-/support/end")
@public
def leave() -> ResponseReturnValue:
    """The visitor goes."""
    actor = current_actor()
    if actor.kind is ActorKind.SUPPORT:
        with runtime().db.begin(runtime().platform, actor) as platform:
            end_access(platform, platform.get_or_404(SupportAccess, actor.session_id))
        audit.record(db_session(), "support.left", label=actor.label)
    session.clear()
    return redirect("/")


@blueprint.get("/admin/support")
@allow(AUDIT_VIEW)
def index() -> str:
    """Every visit to this house: who, when, why."""
    with runtime().db.begin(runtime().platform) as platform:
        found = list(platform.scalars(visits(current_house().id).limit(100)))
    return render_template("support/visits.html", visits=found, now=now)


@blueprint.post("/admin/support/<uuid:access_id>/end")
@allow(AUDIT_VIEW)
def end(access_id: object) -> ResponseReturnValue:
    """The association ends a visit at once."""
    with runtime().db.begin(runtime().platform, current_actor()) as platform:
        access = platform.get(SupportAccess, access_id)
        if access is None or access.tenant_id != current_house().id:
            raise NotFound
        end_access(platform, access)
    audit.record(db_session(), "support.ended", label=access.staff_label)
    flash(_("The visit is ended."), "success")
    return redirect(url_for("support.index"))


def identify_visitor(unit: UnitOfWork) -> Actor | None:
    """The visitor on this browser, while the visit lasts. May do what the association's own administrators may."""
    secret = session.get(SESSION_KEY)
    if not secret:
        return None
    with runtime().db.begin(runtime().platform) as platform:
        access = find_access(platform, unit.house.id, secret)
    return visitor(access, frozenset(unit.registry.permissions)) if access else None


def visit_banner() -> Banner | None:
    """Nobody forgets that somebody from outside is in the house."""
    actor = current_actor()
    if actor.kind is not ActorKind.SUPPORT:
        return None
    leave_ = Entry(_("Leave the house"), url_for("support.leave"), post=True)
    return Banner(_("Support visit by %(name)s: %(reason)s", name=actor.label, reason=actor.reason), action=leave_)
