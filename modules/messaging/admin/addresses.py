"""Addresses that get nothing but what they must."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import current_actor, db_session
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import BulkAction, Column, Query, Table
from modules.messaging.admin import blueprint
from modules.messaging.admin.tabs import tabs
from modules.messaging.enums import BlockReason
from modules.messaging.labels import BLOCK_REASONS
from modules.messaging.models import BlockedAddress
from modules.messaging.permissions import SEE_MESSAGES, SEND_MESSAGES
from modules.messaging.queries import blocked_addresses
from modules.messaging.services.addresses import unblock


@blueprint.get("/addresses")
@allow(SEE_MESSAGES)
def addresses() -> ResponseReturnValue:
    """Addresses that bounce, and those whose owners want no mail."""
    return render_template("messaging/admin/addresses.html", table=_table(), tabs=[*tabs()])


@blueprint.post("/addresses/unblock")
@allow(SEND_MESSAGES)
def unblock_addresses() -> ResponseReturnValue:
    """Try the chosen addresses again."""
    for address in request.form.getlist("ids"):
        unblock(db_session(), address)
    flash(_("The chosen addresses are used again."), "success")
    return redirect(url_for(".addresses"), 303)


def _table() -> Table:
    session, query = db_session(), Query(request.path, request.args)
    address = BlockedAddress.address
    orders = {"blocked_at": BlockedAddress.blocked_at, "address": address}
    rows, total = page_of(session, blocked_addresses(query.search), query, orders, default="-blocked_at", tie=address)
    again = BulkAction(_("Use again"), url_for(".unblock_addresses"), "refresh-cw")
    return Table(
        id="addresses",
        label=_("Blocked addresses"),
        columns=[
            Column("address", _("Address"), sortable=True),
            Column("reason", _("Reason"), kind="state", value=lambda row: BLOCK_REASONS[BlockReason(row.reason)]),
            Column("detail", _("What the mail server said")),
            Column("blocked_at", _("Since"), kind="date", sortable=True),
        ],
        rows=rows,
        query=query,
        total=total,
        row_id=lambda row: row.address,
        bulk_actions=[again] if current_actor().may(SEND_MESSAGES) else [],
        empty_title=_("No blocked addresses"),
        empty_text=_("Addresses that do not exist any more, or whose owners unsubscribed, appear here."),
        empty_icon="mail",
    )
