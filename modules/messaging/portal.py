"""A person's own notices, and what they want to receive."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.errors import NotFound
from guildhall.core.i18n import _
from guildhall.core.messages import Channel, MessageKind
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import current_actor, current_house, db_session, runtime
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Query, Table
from modules.messaging.labels import CHANNELS
from modules.messaging.models import Message
from modules.messaging.queries import notices, unread_count
from modules.messaging.services.notices import read_all, read_notice
from modules.messaging.services.preferences import optional, refused, set_refused

blueprint = Blueprint("messages", __name__)


@blueprint.get("/notices")
@signed_in
def index() -> ResponseReturnValue:
    """What the association has told this person."""
    session, query = db_session(), Query(request.path, request.args)
    order = {"created_at": Message.created_at}
    rows, total = page_of(
        session, notices(_person_id()).order_by(None), query, order, default="-created_at", tie=Message.id
    )
    pages = Table("notices", _("Messages"), (), rows, query, total, searchable=False)
    return render_template("messaging/notices.html", pages=pages, unread=unread_count(session, _person_id()))


@blueprint.get("/notices/<uuid:message_id>")
@signed_in
def show(message_id: UUID) -> ResponseReturnValue:
    """One notice. Whoever opens it has read it."""
    notice = read_notice(db_session(), _person_id(), message_id)
    kind = runtime().registry.messages.get(notice.kind)
    action = str(kind.action) if kind and kind.action else _("Read more")
    return render_template("messaging/notice.html", notice=notice, action=action)


@blueprint.post("/notices/read")
@signed_in
def read_everything() -> ResponseReturnValue:
    """Count all notices as read."""
    read_all(db_session(), _person_id())
    return redirect(url_for(".index"), 303)


@blueprint.route("/notifications", methods=["GET", "POST"])
@signed_in
def notifications() -> ResponseReturnValue:
    """What is sent to this person, and on which way."""
    session, kinds = db_session(), _kinds()
    if request.method == "POST":
        wanted = set(request.form.getlist("wanted"))
        unwanted = [choice for choice in optional(kinds) if "@".join(choice) not in wanted]
        set_refused(session, _person_id(), unwanted, kinds)
        flash(_("Your choice has been saved."), "success")
        return redirect(url_for(".notifications"), 303)
    return render_template(
        "messaging/notifications.html",
        kinds=kinds,
        channels=[(c, CHANNELS[c]) for c in Channel if any(c in kind.channels for kind in kinds)],
        refused=refused(session, _person_id()),
        optional=set(optional(kinds)),
    )


def _kinds() -> list[MessageKind]:
    """Kinds of the modules that are on; what cannot be switched off comes last."""
    kinds = [kind for module in runtime().registry.active(current_house().modules) for kind in module.messages]
    return sorted(kinds, key=lambda kind: kind.transactional)


def _person_id() -> UUID:
    """Notices are a person's: a visitor from the vendor has none here."""
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return person_id
