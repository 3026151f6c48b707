"""The living page of the kit: every part in all its states, in each layout. Demo mode only."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import force_locale, get_locale

from guildhall.core.i18n import LOCALES, _l
from guildhall.core.permissions import public
from guildhall.core.web import kit_samples as samples
from guildhall.core.web.brand import GUILDHALL
from guildhall.core.web.view import Language

LAYOUTS = {"office": _l("Desk"), "portal": _l("Members"), "public": _l("Public site"), "plain": _l("Sign in")}

blueprint = Blueprint("kit", __name__, url_prefix="/-/kit")


@blueprint.route("", methods=["GET", "POST"])
@public
def index() -> Response:
    """All parts on one page; the form can be sent, and refuses what is wrong."""
    form = samples.SampleForm()
    refused = form.is_submitted() and not form.validate()
    return _page("kit/index.html", 422 if refused else 200, form=form, refused=samples.refused_form())


@blueprint.get("/layout/<any(office, portal, public, plain):name>")
@public
def layout(name: str) -> Response:
    """One layout with the content that it is made for."""
    return _page(f"kit/{name}.html", form=samples.SignInForm(formdata=None))


@blueprint.get("/search")
@public
def search() -> Response:
    """Answers the command palette."""
    return _page("kit/results.html", results=samples.search_results(request.args.get("q", "")))


@blueprint.get("/progress")
@public
def progress() -> Response:
    """News of work that gets on each time it is asked for, and is done at the fourth."""
    return _page("kit/progress.html", work=samples.progress(int(request.args.get("step", "0"))))


def _page(template: str, status: int = 200, **context: Any) -> Response:
    asked = request.args.get("lang")
    with force_locale(asked if asked in LOCALES else str(get_locale() or "en")):
        html = render_template(template, **_surroundings(), **context)
    return make_response(html, status)


def _surroundings() -> dict[str, Any]:
    locale = str(get_locale())
    endpoint, arguments = str(request.endpoint), dict(request.view_args or {})
    return {
        "samples": samples,
        "brand": samples.brand(request.args.get("colour", GUILDHALL)),
        "navigation": samples.navigation(arguments.get("name", "office")),
        "account": samples.account(),
        "locale": locale,
        "locales": [
            Language(code, label, url_for(endpoint, lang=code, **arguments), active=code == locale)
            for code, label in LOCALES.items()
        ],
        "banners": samples.banners(),
        "create": samples.create_entries(),
        "notices": samples.notices(),
        "help_url": url_for("kit.index"),
        "search_url": url_for("kit.search", lang=locale),
        "footer": samples.footer(),
        "layouts": LAYOUTS,
    }
