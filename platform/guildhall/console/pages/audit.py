"""What the vendor's staff did."""

from flask import Blueprint, render_template, request

from guildhall.console.labels import action, who
from guildhall.console.permissions import AUDIT
from guildhall.core import audit
from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Query, Table

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@allow(AUDIT)
def index() -> str:
    query = Query(request.path, request.args.to_dict())
    orders = {"at": audit.AuditEntry.number}
    statement = audit.entries(audit.Wanted(query=query.search))
    rows, total = page_of(db_session(), statement, query, orders, default="-at", tie=audit.AuditEntry.number)
    columns = (
        Column("at", _("When"), "datetime"),
        Column("actor_label", _("Who"), value=lambda entry: who(entry.actor_label)),
        Column("action", _("What"), value=lambda entry: action(entry.action)),
        Column("target_label", _("Which")),
        Column("reason", _("Why")),
        Column("address", _("From"), optional=True),
    )
    table = Table(id="audit", label=_("Audit log"), columns=columns, rows=rows, query=query, total=total)
    return render_template(
        "console/audit.html", table=table, verdict=audit.verify(db_session()) if "verify" in request.args else None
    )
