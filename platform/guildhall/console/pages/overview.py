"""The console's first page: what stands, what needs somebody."""

from flask import Blueprint, render_template

from guildhall.console import queries
from guildhall.console.labels import happening
from guildhall.console.permissions import VIEW
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@allow(VIEW)
def index() -> str:
    session = db_session()
    overview = queries.overview(session)
    names = queries.names(session, {event.tenant_id for event in overview.events})
    happenings = [happening(event, names.get(event.tenant_id, "")) for event in overview.events]
    return render_template("console/overview.html", overview=overview, happenings=happenings)
