"""The secretariat's pages of files."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.errors import NotFound
from guildhall.core.i18n import _, ngettext
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session, runtime
from guildhall.core.web.table import Query
from modules.files import listing
from modules.files.enums import Visibility
from modules.files.forms import UploadForm
from modules.files.models import File
from modules.files.permissions import DELETE_FILES, SEE_FILES, UPLOAD_FILES
from modules.files.queries import bytes_used, shares
from modules.files.services.access import signed_url
from modules.files.services.removal import delete_file, delete_files
from modules.files.services.uploads import store_upload
from modules.files.types import DOCUMENTS

blueprint = Blueprint("files_admin", __name__, url_prefix="/files")

SHARED = "files.shared"
LINK_LIFETIME = timedelta(days=7)


@blueprint.get("")
@allow(SEE_FILES)
def index() -> ResponseReturnValue:
    """All files, what each module keeps, and how much room is left."""
    session = db_session()
    kept = shares(session)
    return render_template(
        "files/index.html",
        table=listing.files_table(session, Query(request.path, request.args), kept),
        shares=[(listing.module_label(session.registry, s.module), s.files, listing.size_text(s.size)) for s in kept],
        used=bytes_used(session),
        quota=runtime().settings.storage_quota_mb * 1024 * 1024,
        size_text=listing.size_text,
        primary=listing.upload_entry(session),
    )


@blueprint.route("/upload", methods=["GET", "POST"])
@allow(UPLOAD_FILES)
def upload() -> ResponseReturnValue:
    """Upload a file for the association."""
    form = UploadForm()
    if form.accept(lambda: _store(form)):
        flash(_("The file has been uploaded."), "success")
        return redirect(url_for(".show", file_id=form.result.id), 303)
    return render_template("files/upload.html", form=form, allowed=DOCUMENTS), form.status


@blueprint.get("/<uuid:file_id>")
@allow(SEE_FILES, UPLOAD_FILES)
def show(file_id: UUID) -> ResponseReturnValue:
    """One file."""
    return _page_of(_visible(file_id))


@blueprint.post("/<uuid:file_id>/link")
@allow(SEE_FILES)
def link(file_id: UUID) -> ResponseReturnValue:
    """Make a link for somebody without an account."""
    session = db_session()
    file = session.get_or_404(File, file_id)
    return _page_of(file, signed_url(session.house, runtime().vault, file, LINK_LIFETIME))


@blueprint.post("/<uuid:file_id>/delete")
@allow(DELETE_FILES)
def delete(file_id: UUID) -> ResponseReturnValue:
    """Remove one file."""
    session = db_session()
    delete_file(session, session.get_or_404(File, file_id))
    flash(_("The file has been deleted."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/delete")
@allow(DELETE_FILES)
def delete_many() -> ResponseReturnValue:
    """Remove the files chosen in the list."""
    count = delete_files(db_session(), request.form.getlist("ids", type=UUID))
    flash(ngettext("%(num)s file has been deleted.", "%(num)s files have been deleted.", count), "success")
    return redirect(url_for(".index"), 303)


def _store(form: UploadForm) -> File:
    return store_upload(
        db_session(), runtime(), form.file.data or None, SHARED, Visibility(form.visibility.data), allowed=DOCUMENTS
    )


def _visible(file_id: UUID) -> File:
    """Who uploads and may not see all files sees their own."""
    session = db_session()
    file: File = session.get_or_404(File, file_id)
    if not session.actor.may(SEE_FILES) and file.owner_id != session.actor.person_id:
        raise NotFound
    return file


def _page_of(file: File, shared_link: str = "") -> str:
    return render_template(
        "files/show.html",
        file=file,
        url=db_session().house.url(file.path),
        shared_link=shared_link,
        state=listing.state_of(file),
        module=listing.module_label(db_session().registry, file.module),
        size=listing.size_text(file.size),
        may_delete=db_session().actor.may(DELETE_FILES),
        may_share=db_session().actor.may(SEE_FILES),
    )
