"""The public side: home page, privacy policy, terms of use."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from guildhall.core.permissions import public
from guildhall.core.web.context import db_session
from modules.accounts.public import DocumentKind, current_document
from modules.secretariat.here import association, settings_of
from modules.secretariat.texts import to_html
from modules.secretariat.wording import wording_of

blueprint = Blueprint("secretariat", __name__)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """The front page of the module that has one, else the plain one made from the profile."""
    page = _front_page() or render_template(
        "secretariat/home.html",
        profile=association().profile,
        headline=settings_of().get("headline"),
        wording=wording_of(association().template),
    )
    response = make_response(page)
    response.add_etag()
    return response.make_conditional(request)


def _front_page() -> str | None:
    session = db_session()
    pages = (
        module.front_page(session) for module in session.registry.active(session.house.modules) if module.front_page
    )
    return next((page for page in pages if page is not None), None)


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    return _legal(DocumentKind.PRIVACY)


@blueprint.get("/terms")
@public
def terms() -> ResponseReturnValue:
    return _legal(DocumentKind.TERMS)


def _legal(kind: DocumentKind) -> ResponseReturnValue:
    """The version in force: the association's own text, or the standard one."""
    document = current_document(db_session(), kind)
    own = to_html(document.text) if document.text else ""
    return render_template(f"secretariat/{kind}.html", profile=association().profile, document=document, own_text=own)
