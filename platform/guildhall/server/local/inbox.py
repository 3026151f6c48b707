"""The web inbox of the mail catcher: pages for people, JSON for tests."""

import base64
import io
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from guildhall.server.local.web import create_local_app

if TYPE_CHECKING:
    from guildhall.server.local.mail import CaughtMail, Mailbox

# The message's own styles and embedded pictures, no script, nothing from the network; links open in a new tab.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"
)

pages = Blueprint("inbox", __name__)


def create_inbox(mailbox: "Mailbox") -> Flask:
    """The app that shows `mailbox`."""
    app = create_local_app("guildhall-inbox")
    app.extensions["mailbox"] = mailbox
    app.register_blueprint(pages)
    return app


@pages.get("/")
def index() -> str:
    words = request.args.get("q", "").strip()
    return render_template("inbox/list.html", messages=_mailbox().messages(words=words or None), words=words)


@pages.get("/messages/<message_id>")
def show(message_id: str) -> str:
    mail = _mail(message_id)
    views = [view for view in ("html", "text") if getattr(mail, view)] + ["source"]
    view = request.args.get("view", views[0])
    return render_template("inbox/message.html", mail=mail, views=views, view=view if view in views else views[0])


@pages.get("/messages/<message_id>/html")
def html(message_id: str) -> Response:
    mail = _mail(message_id)
    page = mail.html
    for content_id, media_type, content in mail.inline_parts:
        page = page.replace(f"cid:{content_id}", f"data:{media_type};base64,{base64.b64encode(content).decode()}")
    headers = {"Content-Security-Policy": MAIL_CSP}
    return Response(f'<base target="_blank">{page}', mimetype="text/html", headers=headers)


@pages.get("/messages/<message_id>/attachments/<int:number>")
def attachment(message_id: str, number: int) -> Response:
    attachments = _mail(message_id).attachments
    if number >= len(attachments):
        abort(404)
    part = attachments[number]
    content = part.get_payload(decode=True)
    return send_file(
        io.BytesIO(content if isinstance(content, bytes) else b""),
        mimetype=part.get_content_type(),
        as_attachment=True,
        download_name=part.get_filename() or f"attachment-{number}",
    )


@pages.post("/delete")
def delete() -> AnyResponse:
    _mailbox().clear()
    return redirect(url_for("inbox.index"))


@pages.get("/api/messages")
def api_list() -> Response:
    found = _mailbox().messages(to=request.args.get("to"), words=request.args.get("q"))
    return jsonify({"messages": [mail.as_json() for mail in found]})


@pages.get("/api/messages/<message_id>")
def api_show(message_id: str) -> Response:
    return jsonify(_mail(message_id).as_json())


@pages.delete("/api/messages")
def api_delete() -> tuple[str, int]:
    _mailbox().clear()
    return "", 204


def _mailbox() -> "Mailbox":
    mailbox: Mailbox = current_app.extensions["mailbox"]
    return mailbox


def _mail(message_id: str) -> "CaughtMail":
    return _mailbox().get(message_id) or abort(404)
