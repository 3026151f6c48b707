"""Handing files out."""

from uuid import UUID

from flask import Blueprint, Response, send_file

from guildhall.core.permissions import public
from guildhall.core.web.context import current_actor, db_session, runtime
from modules.files.enums import Visibility
from modules.files.models import File
from modules.files.services.access import file_of_link, open_file, readable_file
from modules.files.types import INLINE_TYPES, PDF

blueprint = Blueprint("files", __name__)

_HOUR = 3600
# Whatever a file holds, it can neither run a script nor reach this host's cookies (OWASP File Upload Cheat Sheet).
_LOCKED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# Browsers show no PDF in a sandbox. Their viewers keep its scripts away from the page.
_LOCKED_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@blueprint.get("/files/<uuid:file_id>/<path:name>")
@public
def download(file_id: UUID, name: str) -> Response:  # noqa: ARG001 - the name is for people
    """A file, for whom its visibility lets in."""
    return _hand_out(readable_file(db_session(), current_actor(), file_id))


@blueprint.get("/files/shared/<token>")
@public
def shared(token: str) -> Response:
    """A file, for who holds a signed link."""
    return _hand_out(file_of_link(db_session(), runtime().vault, token), cacheable=False)


def _hand_out(file: File, *, cacheable: bool = True) -> Response:
    is_public = cacheable and file.visibility == Visibility.PUBLIC
    content = open_file(runtime(), file)
    response = send_file(
        content,
        mimetype=file.content_type,
        as_attachment=file.content_type not in INLINE_TYPES,
        download_name=file.name,
        etag=file.sha256,
        max_age=_HOUR if is_public else None,
    )
    response.call_on_close(content.close)  # also when nothing is sent: HEAD, 304
    response.headers["Content-Security-Policy"] = _LOCKED_PDF if file.content_type == PDF.media_type else _LOCKED
    response.headers["X-Content-Type-Options"] = "nosniff"
    if not is_public:
        response.cache_control.private = True
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
