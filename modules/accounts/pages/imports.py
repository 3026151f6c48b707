"""Bringing in the association's people: upload or paste, match columns, look, run, result."""

from itertools import islice
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.jobs.models import JobProgress, JobRow, JobState
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session
from guildhall.core.web.downloads import sheet_response
from guildhall.core.web.view import Progress, State
from modules.accounts import words
from modules.accounts.enums import ImportState
from modules.accounts.errors import ListEmpty
from modules.accounts.forms.admin import ListForm, MappingForm
from modules.accounts.importing.reading import MOST_BYTES
from modules.accounts.models import PeopleImport
from modules.accounts.permissions import PEOPLE_MANAGE
from modules.accounts.services.imports import PREVIEWED, change_mapping, preview, run_import, start_import

admin = Blueprint("accounts_imports", __name__, url_prefix="/people/import")


@admin.route("", methods=["GET", "POST"])
@allow(PEOPLE_MANAGE)
def new() -> ResponseReturnValue:
    """The list, as a file or pasted."""
    form = ListForm()
    if form.accept(lambda: _read(form)):
        return redirect(url_for(".match", import_id=form.result.id))
    return render_template("accounts/imports/new.html", form=form), form.status


@admin.route("/<uuid:import_id>", methods=["GET", "POST"])
@allow(PEOPLE_MANAGE)
def match(import_id: UUID) -> ResponseReturnValue:
    """What the columns mean, with a look at the first rows; then how far it is, and the result."""
    people_import = db_session().get_or_404(PeopleImport, import_id)
    if people_import.state != ImportState.MAPPING:
        return _result(people_import)
    form = MappingForm(people_import)
    if form.accept(lambda: change_mapping(db_session(), people_import, form.mapping)):
        return redirect(url_for(".match", import_id=import_id))
    return _preview(people_import, form)


@admin.post("/<uuid:import_id>/run")
@allow(PEOPLE_MANAGE)
def run(import_id: UUID) -> ResponseReturnValue:
    """Bring the people in."""
    people_import = db_session().get_or_404(PeopleImport, import_id)
    form = MappingForm(people_import)
    if form.accept(lambda: _run(people_import, form)):
        return redirect(url_for(".match", import_id=import_id))
    return _preview(people_import, form)


@admin.get("/<uuid:import_id>/errors")
@allow(PEOPLE_MANAGE)
def errors(import_id: UUID) -> Response:
    """The rows that could not be taken, with why, to be mended and brought again."""
    people_import = db_session().get_or_404(PeopleImport, import_id)
    titles = [*people_import.header, _("Row"), _("What is wrong")]
    width = len(people_import.header)
    rows = ([*(row["cells"] + [""] * width)[:width], row["line"], row["error"]] for row in people_import.errors)
    return sheet_response("import-errors", titles, rows)


def _read(form: ListForm) -> PeopleImport:
    if form.file.data:
        content, name = form.file.data.stream.read(MOST_BYTES + 1), form.file.data.filename
    else:
        content, name = (form.pasted.data or "").encode(), _("Pasted list")
    if not content.strip():
        raise ListEmpty(fields={"file": ListEmpty.message})
    return start_import(db_session(), name, content)


def _run(people_import: PeopleImport, form: MappingForm) -> None:
    change_mapping(db_session(), people_import, form.mapping)
    run_import(db_session(), people_import, send_invitations=form.send_invitations.data)


def _preview(people_import: PeopleImport, form: MappingForm) -> ResponseReturnValue:
    rows = list(preview(people_import))
    return render_template(
        "accounts/imports/match.html",
        form=form,
        people_import=people_import,
        rows=list(islice(sorted(rows, key=lambda row: (not row.error, row.line)), PREVIEWED)),
        good=sum(not row.error for row in rows),
        bad=sum(bool(row.error) for row in rows),
        fields=words.FIELDS,
    ), form.status


def _result(people_import: PeopleImport) -> ResponseReturnValue:
    return render_template("accounts/imports/result.html", people_import=people_import, work=_progress(people_import))


def _progress(people_import: PeopleImport) -> Progress:
    session = db_session()
    noted = session.get(JobProgress, people_import.job_id)
    job = session.get(JobRow, people_import.job_id)
    states = {JobState.DONE: State(_("Done"), "good"), JobState.FAILED: State(_("Failed"), "wrong")}
    return Progress(
        _("Bringing people in"),
        noted.done if noted else 0,
        noted.total if noted else 0,
        url_for(".match", import_id=people_import.id),
        state=states.get(JobState(job.state)) if job else states[JobState.DONE],
    )
