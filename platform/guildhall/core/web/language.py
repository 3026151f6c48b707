"""Choosing the language of the pages: a link, so that it works without JavaScript."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from guildhall.core.permissions import public
from guildhall.core.web.context import current_house
from guildhall.core.web.redirects import safe_path

blueprint = Blueprint("language", __name__)


@blueprint.get("/-/language/<locale>")
@public
def choose(locale: str) -> ResponseReturnValue:
    """Remember the language in this browser and go back."""
    if locale in current_house().locales:
        session["locale"] = locale
    return redirect(safe_path(request.args.get("next")))
