"""Joins the kit to an app: template globals and filters, the built assets, and the brand's stylesheets."""

from collections.abc import Callable
from typing import Any, NoReturn

from flask import Blueprint, Flask, Response, abort, make_response, request, send_from_directory
from jinja2 import pass_context
from jinja2.runtime import Context

from guildhall.core.i18n import language_tag
from guildhall.core.permissions import public
from guildhall.core.web import formats
from guildhall.core.web.assets import ADDRESS, DIST, asset_url, icon
from guildhall.core.web.brand import GUILDHALL, brand_css, light_shades
from guildhall.core.web.fields import described_by, field_kind
from guildhall.core.web.icons import seal_svg
from guildhall.core.web.table import page_window

YEAR = 365 * 24 * 3600
DAY = 24 * 3600

blueprint = Blueprint("ui", __name__, template_folder="templates")


def register_ui(app: Flask) -> None:
    """Gives the app's templates the kit, and the app the addresses that the kit's pages link to.

    Layouts find what they show in the template context; what the app does not provide has the defaults below.
    """
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        asset_url=asset_url,
        described_by=described_by,
        field_kind=field_kind,
        icon=icon,
        language_tag=language_tag,
        light_shades=light_shades,
        page_window=page_window,
        qr_svg=formats.qr_svg,
    )
    app.jinja_env.filters.update(
        date=_at_render_time(formats.day),
        datetime=_at_render_time(formats.moment),
        initials=formats.initials,
        money=_at_render_time(formats.money),
        number=_at_render_time(formats.number),
        relative=_at_render_time(formats.relative),
    )
    app.context_processor(_defaults)
    app.after_request(_redirect_for_htmx)


def _defaults() -> dict[str, Any]:
    return {
        "account": None,
        "banners": (),
        "create": (),
        "footer": (),
        "help_url": None,
        "locale": "en",
        "locales": (),
        "navigation": (),
        "notices": None,
        "search_url": None,
        "service_worker_url": None,
    }


def _at_render_time(function: Callable[..., str]) -> Callable[..., str]:
    """Jinja computes a filter of a constant once, when it compiles; the locale is known only at each render."""

    @pass_context
    def filter_with_context(_context: Context, *args: Any, **kwargs: Any) -> str:
        return function(*args, **kwargs)

    return filter_with_context


def _redirect_for_htmx(response: Response) -> Response:
    """Sends the whole page elsewhere: followed by fetch, a redirect would land inside the form that was sent."""
    if "HX-Request" not in request.headers or response.location is None or response.status_code not in (301, 302, 303):
        return response
    answer = make_response("", 204)
    answer.headers["HX-Redirect"] = response.location
    for cookie in response.headers.getlist("Set-Cookie"):
        answer.headers.add("Set-Cookie", cookie)
    return answer


@blueprint.get(f"{ADDRESS}<path:filename>")
@public
def asset(filename: str) -> Response:
    """A built file. Its name changes with its content, so it may be kept for ever."""
    response = send_from_directory(DIST, filename, max_age=YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response


@blueprint.get("/-/brand/<colour>.css")
@public
def brand(colour: str) -> Response:
    """The shades of one colour, six hexadecimal digits."""
    try:
        css = brand_css(f"#{colour}")
    except ValueError:
        _not_found()
    response = Response(css, mimetype="text/css")
    response.cache_control.public = True
    response.cache_control.max_age = DAY
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/-/seal.svg")
@public
def seal() -> Response:
    """Guildhall's own mark, for the vendor's pages."""
    response = Response(seal_svg("G", GUILDHALL), mimetype="image/svg+xml")
    response.cache_control.public = True
    response.cache_control.max_age = DAY
    return response


def _not_found() -> NoReturn:
    abort(404)
