"""Ending a kind of mail from the mail itself, without signing in."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.permissions import public, signed_by_link
from guildhall.core.web.context import current_house, db_session, runtime
from modules.messaging.labels import kind_label
from modules.messaging.services.preferences import read_unsubscribe, unsubscribe

blueprint = Blueprint("messages_site", __name__)


@blueprint.get("/messages/unsubscribe/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """Ask first: mail programs and scanners open every link."""
    return _page(token, done=False)


@blueprint.post("/messages/unsubscribe/<token>")
@public
@signed_by_link
def end(token: str) -> ResponseReturnValue:
    """End it: by the button of the page, or by the mail program's own (RFC 8058)."""
    unsubscribe(db_session(), runtime().vault, token)
    return _page(token, done=True)


def _page(token: str, *, done: bool) -> str:
    _address, person_id, kind = read_unsubscribe(current_house(), runtime().vault, token)
    return render_template(
        "messaging/unsubscribe.html",
        kind=kind_label(runtime().registry, kind) if person_id else "",
        url=url_for(".end", token=token),
        done=done,
    )
