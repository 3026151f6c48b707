"""The secretariat's list of files, as a table of the kit."""

from collections.abc import Sequence

from babel.numbers import format_decimal
from flask import url_for
from flask_babel import get_locale

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _, _l
from guildhall.core.registry import Registry
from guildhall.core.web.listing import page_of
from guildhall.core.web.table import BulkAction, Column, Filter, Query, Table
from guildhall.core.web.view import Entry, State
from modules.files.enums import ScanState, Visibility
from modules.files.models import File
from modules.files.permissions import DELETE_FILES, UPLOAD_FILES
from modules.files.queries import Share, files

_UNITS = ("B", "KB", "MB", "GB", "TB")
_KILO = 1024

_VISIBILITY = {
    Visibility.PUBLIC: State(_l("Public"), "good", "globe"),
    Visibility.SIGNED_IN: State(_l("Members"), "neutral", "users"),
    Visibility.PERMISSION: State(_l("By permission"), "neutral", "key-round"),
    Visibility.PRIVATE: State(_l("Private"), "neutral", "lock"),
}
_SCAN = {
    ScanState.PENDING: State(_l("Being checked"), "waiting"),
    ScanState.INFECTED: State(_l("Virus found"), "wrong"),
}


def files_table(session: UnitOfWork, query: Query, shares: Sequence[Share]) -> Table:
    """One page of the list, as searched, filtered and sorted in the address."""
    registry = session.registry
    statement = files(search=query.search, module=query.filter("module"))
    orders = {"name": File.name, "size": File.size, "created_at": File.created_at}
    rows, total = page_of(session, statement, query, orders, default="-created_at", tie=File.id)
    return Table(
        id="files",
        label=_("Files"),
        columns=_columns(registry),
        rows=rows,
        query=query,
        total=total,
        filters=[Filter("module", _("Used by"), [(s.module, module_label(registry, s.module)) for s in shares])],
        bulk_actions=_bulk_actions(session),
        row_url=lambda file: url_for("files_admin.show", file_id=file.id),
        empty_title=_("No files yet"),
        empty_text=_("Pictures and documents that you or your members upload appear here."),
        empty_icon="folder",
        empty_action=upload_entry(session),
    )


def upload_entry(session: UnitOfWork) -> Entry | None:
    if not session.actor.may(UPLOAD_FILES):
        return None
    return Entry(_("Upload a file"), url_for("files_admin.upload"), "upload")


def state_of(file: File) -> State:
    """What matters most: that it cannot be opened, else who may open it."""
    return _SCAN.get(ScanState(file.scan_state)) or _VISIBILITY[Visibility(file.visibility)]


def module_label(registry: Registry, name: str) -> str:
    """The module that keeps a file, in words; its name where it is no longer installed."""
    module = registry.by_name.get(name)
    return str(module.label) if module else name


def size_text(size: int) -> str:
    """A size as people read it: 1.4 MB."""
    value, unit = float(size), 0
    while value >= _KILO and unit < len(_UNITS) - 1:
        value, unit = value / _KILO, unit + 1
    return f"{format_decimal(round(value, 1), locale=get_locale() or 'en')} {_UNITS[unit]}"


def _columns(registry: Registry) -> list[Column]:
    return [
        Column("name", _("Name"), sortable=True),
        Column("module", _("Used by"), value=lambda file: module_label(registry, file.module)),
        Column("state", _("Who may open it"), kind="state", value=state_of),
        Column("size", _("Size"), value=lambda file: size_text(file.size), sortable=True),
        Column("created_at", _("Uploaded"), kind="relative", sortable=True),
    ]


def _bulk_actions(session: UnitOfWork) -> list[BulkAction]:
    if not session.actor.may(DELETE_FILES):
        return []
    sure = _("Delete the chosen files? Pages that show them will miss them. This cannot be undone.")
    return [BulkAction(_("Delete"), url_for("files_admin.delete_many"), "trash-2", danger=True, confirm=sure)]
