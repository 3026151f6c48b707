"""The audit log: who did what, when; filtered, exported, and checked for tampering."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from guildhall.core import audit
from guildhall.core.audit import AuditEntry, Wanted
from guildhall.core.i18n import _, _l
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session, runtime
from guildhall.core.web.downloads import sheet_response
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import Column, Filter, Query, Table
from guildhall.core.web.view import Entry, Person
from modules.secretariat import queries
from modules.secretariat.admin.blueprint import blueprint
from modules.secretariat.here import association
from modules.secretariat.permissions import AUDIT_VIEW
from modules.secretariat.words import ACTOR_KINDS, action_label, actions, actor_name, target_name

PERIODS = {"0": _l("Today"), "6": _l("Last 7 days"), "29": _l("Last 30 days"), "364": _l("Last 12 months")}
COLUMNS = (
    _l("Entry no."),
    _l("Time"),
    _l("Done by"),
    _l("Action"),
    _l("Concerning"),
    _l("Reason"),
    _l("Network address"),
)


@blueprint.get("/audit")
@allow(AUDIT_VIEW)
def audit_log() -> ResponseReturnValue:
    query = Query(url_for(".audit_log"), request.args)
    statement = audit.entries(_wanted(query))
    table = _table(query, *page_of(db_session(), statement, query))
    return render_template("secretariat/audit.html", table=table, target=query.filter("target"))


@blueprint.get("/audit/export")
@allow(AUDIT_VIEW)
def export_audit_log() -> ResponseReturnValue:
    """The whole log as narrowed, as a file."""
    query = Query(url_for(".audit_log"), request.args)
    return sheet_response(_("audit log"), COLUMNS, _rows(audit.entries(_wanted(query))))


@blueprint.get("/audit/<int:number>")
@allow(AUDIT_VIEW)
def audit_entry(number: int) -> ResponseReturnValue:
    """One entry with all that it holds."""
    entry = db_session().scalar(queries.entry_by_number(number))
    if entry is None:
        abort(404)
    registry = runtime().registry
    return render_template(
        "secretariat/audit_entry.html",
        entry=entry,
        title=action_label(registry, entry.action),
        actor=actor_name(entry),
        target=target_name(registry, entry),
        crumbs=[Entry(_("Audit log"), url_for(".audit_log"))],
    )


@blueprint.post("/audit/verify")
@allow(AUDIT_VIEW)
def verify_audit_log() -> ResponseReturnValue:
    """Walk the chain of hashes and say whether it is whole."""
    verdict = audit.verify(db_session())
    if verdict.intact:
        flash(_("All %(count)s entries are as they were written.", count=verdict.entries), "success")
    else:
        flash(_("The log has been altered: entry %(number)s does not fit.", number=verdict.broken_at), "error")
    return redirect(url_for(".audit_log"))


def _wanted(query: Query) -> Wanted:
    target_type, _colon, target_id = query.filter("target").partition(":")
    period = query.filter("period")
    return Wanted(
        action=query.filter("action"),
        actor_id=_uuid(query.filter("actor")),
        target_type=target_type,
        target_id=target_id,
        query=query.search,
        since=queries.start_of_day(association().timezone, int(period)) if period in PERIODS else None,
    )


def _uuid(text: str) -> UUID | None:
    """An id from the address; one that is none finds nothing."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


def _table(query: Query, rows: Iterable[AuditEntry], total: int) -> Table:
    registry = runtime().registry
    return Table(
        "audit",
        _("Audit log"),
        (
            Column("action", _("Action"), value=lambda entry: action_label(registry, entry.action)),
            Column("target", _("Concerning"), value=lambda entry: target_name(registry, entry)),
            Column("actor", _("Done by"), "person", value=_actor),
            Column("at", _("Time"), "datetime"),
            Column("address", _("Network address"), optional=True),
            Column("reason", _("Reason"), optional=True),
        ),
        list(rows),
        query,
        total,
        filters=_filters(),
        row_url=lambda entry: url_for(".audit_entry", number=entry.number),
        export_url=url_for(".export_audit_log"),
        empty_title=_("Nothing has happened yet"),
        empty_icon="history",
    )


def _actor(entry: AuditEntry) -> Person:
    kind = "" if entry.actor_kind == "person" else str(ACTOR_KINDS.get(entry.actor_kind, ""))
    return Person(actor_name(entry), "" if kind in actor_name(entry) else kind)


def _filters() -> list[Filter]:
    people = [(str(actor_id), label) for actor_id, label in queries.actors(db_session())]
    named = sorted(
        ((code, str(label)) for code, label in actions(runtime().registry).items()), key=lambda pair: pair[1]
    )
    return [
        Filter("actor", _("Done by"), people),
        Filter("action", _("Action"), named),
        Filter("period", _("When"), list(PERIODS.items())),
    ]


def _rows(statement: Select[AuditEntry]) -> Iterator[list[Any]]:
    """Read as they are written, a thousand at a time."""
    with db_session().scalars(statement.execution_options(yield_per=1000)) as entries:
        yield from map(_cells, entries)


def _cells(entry: AuditEntry) -> list[Any]:
    registry = runtime().registry
    return [
        entry.number,
        entry.at.astimezone(ZoneInfo(association().timezone)).replace(tzinfo=None),
        actor_name(entry),
        action_label(registry, entry.action),
        target_name(registry, entry),
        entry.reason,
        entry.address,
    ]
