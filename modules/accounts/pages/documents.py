"""The secretariat's pages of what people agree to: the privacy policy and the terms of use."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import _
from guildhall.core.permissions import allow
from guildhall.core.web.context import db_session
from modules.accounts import words
from modules.accounts.enums import DocumentKind
from modules.accounts.forms.admin import DocumentForm
from modules.accounts.permissions import DOCUMENTS_PUBLISH
from modules.accounts.services.consents import current_document, publish_document

admin = Blueprint("accounts_documents", __name__, url_prefix="/documents")


@admin.get("")
@allow(DOCUMENTS_PUBLISH)
def index() -> ResponseReturnValue:
    """Both documents, with the version in force."""
    documents = [current_document(db_session(), kind) for kind in DocumentKind]
    return render_template("accounts/documents/index.html", documents=documents, words=words)


@admin.route("/<any(privacy, terms):kind>", methods=["GET", "POST"])
@allow(DOCUMENTS_PUBLISH)
def edit(kind: str) -> ResponseReturnValue:
    """A new version, begun from the one in force."""
    session, document = db_session(), current_document(db_session(), DocumentKind(kind))
    form = DocumentForm(obj=document)
    if form.accept(lambda: publish_document(session, DocumentKind(kind), form.text.data or "")):
        flash(_("Version %(number)s is in force. People are asked to agree to it.", number=form.result), "success")
        return redirect(url_for(".index"))
    page = render_template("accounts/documents/edit.html", form=form, document=document, title=words.DOCUMENTS[kind])
    return page, form.status
