"""`/-/jobs/<id>`: how far a long job is, for the person who began it. Pages show it with the kit's `progress`."""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.errors import NotFound
from guildhall.core.i18n import _, _l
from guildhall.core.jobs.models import JobState
from guildhall.core.jobs.queries import Standing, standing
from guildhall.core.permissions import signed_in
from guildhall.core.web.context import current_actor, db_session
from guildhall.core.web.view import Progress, State

blueprint = Blueprint("jobs", __name__, url_prefix="/-/jobs")

STATES = {
    JobState.DONE: State(_l("Done"), "good"),
    JobState.FAILED: State(_l("Failed"), "wrong"),
    JobState.SKIPPED: State(_l("Not done: the module is switched off"), "neutral"),
    JobState.CANCELLED: State(_l("Cancelled"), "neutral"),
}


@blueprint.get("/<uuid:job_id>")
@signed_in
def show(job_id: UUID) -> ResponseReturnValue:
    """The progress as a fragment that asks for itself again until the job has ended."""
    found = standing(db_session(), job_id)
    if found is None or found.job.created_by != current_actor().id:
        raise NotFound
    return render_template("ui/job.html", work=progress_of(found))


def progress_of(found: Standing) -> Progress:
    """A job for the kit's `progress`; the address in it is this page's."""
    label = _("Progress") if found.total or found.ended else _("Waiting to begin")
    url = url_for("jobs.show", job_id=found.job.id)
    return Progress(label, found.done, found.total, url, STATES.get(JobState(found.job.state)), found.note)
