"""The delivery log."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.messages import Channel
from guildhall.core.permissions import allow
from guildhall.core.registry import Registry
from guildhall.core.web.context import current_actor, db_session, runtime
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Filter, Query, Table
from guildhall.core.web.view import Entry, Person
from modules.messaging import queries
from modules.messaging.admin import blueprint
from modules.messaging.admin.tabs import tabs
from modules.messaging.enums import Status
from modules.messaging.labels import CHANNELS, STATUSES, error_text, kind_label
from modules.messaging.mails import NOTICE
from modules.messaging.models import Message
from modules.messaging.permissions import SEE_MESSAGES, SEND_MESSAGES
from modules.messaging.services.sending import resend


@blueprint.get("")
@allow(SEE_MESSAGES)
def index() -> ResponseReturnValue:
    """What went to whom, and whether it arrived."""
    write = Entry(_("Write to all"), url_for(".announce"), "megaphone")
    primary = write if current_actor().may(SEND_MESSAGES) else None
    return render_template("messaging/admin/log.html", table=_table(), tabs=[*tabs()], primary=primary)


@blueprint.get("/<uuid:message_id>")
@allow(SEE_MESSAGES)
def show(message_id: UUID) -> ResponseReturnValue:
    """One message."""
    session = db_session()
    message: Message = session.get_or_404(Message, message_id)
    names = queries.names_of(session, {message.person_id} if message.person_id else set())
    return render_template(
        "messaging/admin/message.html",
        message=message,
        recipient=names.get(message.person_id, "") if message.person_id else "",
        label=kind_label(session.registry, message.kind),
        channel=CHANNELS[Channel(message.channel)],
        state=STATUSES[Status(message.status)],
        error=error_text(message.error),
        may_resend=bool(message.title) and current_actor().may(SEND_MESSAGES),
    )


@blueprint.post("/<uuid:message_id>/resend")
@allow(SEND_MESSAGES)
def send_again(message_id: UUID) -> ResponseReturnValue:
    """Send the same words once more."""
    session = db_session()
    again = resend(session, session.get_or_404(Message, message_id))
    flash(_("The message is on its way again."), "success")
    return redirect(url_for(".show", message_id=again.id), 303)


def _table() -> Table:
    session, query = db_session(), Query(request.path, request.args)
    narrowed = {name: query.filter(name) for name in ("channel", "status", "kind")}
    statement = queries.log(search=query.search, **narrowed)
    orders = {"created_at": Message.created_at}
    rows, total = page_of(session, statement, query, orders, default="-created_at", tie=Message.id)
    names = queries.names_of(session, {row.person_id for row in rows if row.person_id})
    return Table(
        id="messages",
        label=_("Delivery log"),
        columns=_columns(names),
        rows=rows,
        query=query,
        total=total,
        filters=_filters(runtime().registry),
        row_url=lambda row: url_for(".show", message_id=row.id),
        empty_title=_("No messages yet"),
        empty_text=_("What the association sends by e-mail, text message or in the app appears here."),
        empty_icon="mail",
    )


def _columns(names: dict[UUID, str]) -> list[Column]:
    registry = runtime().registry
    return [
        Column("title", _("Message"), value=lambda row: row.title or kind_label(registry, row.kind)),
        Column("person", _("Recipient"), kind="person", value=lambda row: _recipient(row, names)),
        Column("channel", _("Channel"), value=lambda row: CHANNELS[Channel(row.channel)]),
        Column("status", _("Status"), kind="state", value=lambda row: STATUSES[Status(row.status)]),
        Column("created_at", _("Written"), kind="relative", sortable=True),
        Column("error", _("Reason"), value=lambda row: error_text(row.error), optional=True),
        Column("attempts", _("Attempts"), kind="number", optional=True),
    ]


def _recipient(row: Message, names: dict[UUID, str]) -> Person | None:
    """By name, with the address under it; None once both are forgotten."""
    name = names.get(row.person_id, "") if row.person_id else ""
    if not name:
        return Person(row.address) if row.address else None
    return Person(name, row.address)


def _filters(registry: Registry) -> Sequence[Filter]:
    mails = (mail for module in registry.modules for mail in module.mails if mail is not NOTICE)
    kinds = [
        *((kind.name, kind.label) for kind in registry.messages.values()),
        *((mail.name, mail.label) for mail in mails),
    ]
    return [
        Filter("channel", _("Channel"), [(channel.value, label) for channel, label in CHANNELS.items()]),
        Filter("status", _("Status"), [(status.value, state.label) for status, state in STATUSES.items()]),
        Filter("kind", _("Kind"), kinds),
    ]
