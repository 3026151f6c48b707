"""Writing to everybody."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.errors import NotFound
from guildhall.core.i18n import _, _l
from guildhall.core.jobs.models import JobProgress, JobRow, JobState
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session
from guildhall.core.web.view import Progress, State
from modules.messaging.admin import blueprint
from modules.messaging.forms import AnnouncementForm
from modules.messaging.permissions import SEND_MESSAGES
from modules.messaging.services.announcements import ANNOUNCE, recipients
from modules.messaging.services.announcements import announce as announce_to_all

_END = {JobState.DONE: State(_l("Done"), "good"), JobState.FAILED: State(_l("Failed"), "wrong")}


@blueprint.route("/new", methods=["GET", "POST"])
@allow(SEND_MESSAGES)
def announce() -> ResponseReturnValue:
    """Write a message to all members."""
    form, session = AnnouncementForm(), db_session()
    if form.accept(lambda: announce_to_all(session, form.title.data or "", form.text.data or "")):
        return redirect(url_for(".announcing", job_id=form.result), 303)
    return render_template("messaging/admin/announce.html", form=form, recipients=recipients(session)), form.status


@blueprint.get("/announcing/<uuid:job_id>")
@allow(SEND_MESSAGES)
def announcing(job_id: UUID) -> ResponseReturnValue:
    """How far it is. The page can be left; the work goes on."""
    session = db_session()
    job: JobRow = session.get_or_404(JobRow, job_id)
    if job.name != ANNOUNCE.name:
        raise NotFound
    progress = session.get(JobProgress, job_id)
    work = Progress(
        _("Writing to everybody"),
        progress.done if progress else 0,
        progress.total if progress else 0,
        url_for(".announcing", job_id=job_id),
        state=_END.get(JobState(job.state)),
    )
    return render_template("messaging/admin/announcing.html", work=work)
