"""What makes a house an app on the phone: manifest, icons, and a service worker that keeps no page of anybody's."""

import hashlib
import json
from typing import cast

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from guildhall.core.i18n import language_tag
from guildhall.core.permissions import public
from guildhall.core.storage import key_of
from guildhall.core.web.app import choose_locale
from guildhall.core.web.assets import asset_url
from guildhall.core.web.brand import PAPER, light_shades
from guildhall.core.web.context import current_house, runtime
from guildhall.core.web.icons import SIZES, icon_png, seal_svg
from guildhall.core.web.view import Brand
from tenants.profile import Profile
from tenants.registry import Tenant

YEAR = 365 * 24 * 3600
HOUR = 3600
TOUCH_ICON = 180  # Apple, Configuring Web Applications
KEPT_ASSETS = ("app.css", "app.js", "theme.js", "icons.svg")

blueprint = Blueprint("installable", __name__)


def brand_of(house: Tenant, home_url: str = "/") -> Brand:
    """Whose house this is, as layouts show it."""
    profile = house.profile
    version = version_of(profile)
    mark_url = url_for("installable.logo" if profile.logo else "installable.seal", version=version)
    return Brand(
        profile.name,
        profile.short_name,
        profile.colour,
        home_url,
        mark_url if profile.logo else None,
        url_for("installable.manifest"),
        profile.icp,
        mark_url,
        url_for("installable.icon", version=version, kind="maskable", size=TOUCH_ICON),
    )


def version_of(profile: Profile) -> str:
    """Changes whenever an icon would."""
    seen = f"{profile.short_name or profile.name}\n{profile.colour}\n{profile.logo}"
    return hashlib.sha256(seen.encode()).hexdigest()[:12]


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """W3C Web App Manifest."""
    profile = _profile()
    content = {
        "id": "/",
        "name": profile.name,
        "short_name": profile.short_name or profile.name,
        "lang": language_tag(choose_locale()),
        "start_url": "/me",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": light_shades(profile.colour)["brand"],
        "icons": [*_icons(profile)],
    }
    response = Response(json.dumps(content, ensure_ascii=False), mimetype="application/manifest+json")
    response.cache_control.max_age = HOUR
    return response


def _icons(profile: Profile) -> list[dict[str, str]]:
    def address(kind: str, size: int) -> str:
        return url_for("installable.icon", version=version_of(profile), kind=kind, size=size)

    icons = [
        {"src": address(kind, size), "sizes": f"{size}x{size}", "type": "image/png", "purpose": kind}
        for kind in ("any", "maskable")
        for size in (192, 512)
    ]
    if not profile.logo:
        seal = url_for("installable.seal", version=version_of(profile))
        icons.append({"src": seal, "sizes": "any", "type": "image/svg+xml", "purpose": "any"})
    return icons


@blueprint.get("/-/icons/<version>/<any(any, maskable):kind>-<int:size>.png")
@public
def icon(version: str, kind: str, size: int) -> ResponseReturnValue:
    """An icon of the house; its address changes with it."""
    if size not in SIZES:
        abort(404)
    house = current_house()
    profile, brand = _profile(), Brand(house.name, _profile().short_name)
    png = icon_png(size, character=brand.seal, colour=profile.colour, logo=_logo(profile), maskable=kind == "maskable")
    return _lasting(Response(png, mimetype="image/png"), version)


@blueprint.get("/-/icons/<version>/seal.svg")
@public
def seal(version: str) -> ResponseReturnValue:
    profile = _profile()
    svg = seal_svg(Brand(profile.name, profile.short_name).seal, profile.colour)
    return _lasting(Response(svg, mimetype="image/svg+xml"), version)


@blueprint.get("/-/icons/<version>/logo.png")
@public
def logo(version: str) -> ResponseReturnValue:
    """The logo as it was uploaded, made anew as PNG."""
    content = _logo(_profile())
    if content is None:
        abort(404)
    return _lasting(Response(content, mimetype="image/png"), version)


@blueprint.get("/service-worker.js")
@public
def service_worker() -> ResponseReturnValue:
    """Stands at the root, since a service worker reaches no higher than its own folder."""
    kept = [*map(asset_url, KEPT_ASSETS), brand_of(_house()).css_url, url_for("installable.offline")]
    name = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:12]
    script = render_template("installable/service-worker.js", kept=kept, name=name, offline=kept[-1])
    response = Response(script, mimetype="text/javascript")
    response.cache_control.no_cache = True
    return response


@blueprint.get("/offline")
@public
def offline() -> ResponseReturnValue:
    """What the service worker shows without a network: nothing of anybody's."""
    return render_template("installable/offline.html")


def _house() -> Tenant:
    return cast("Tenant", current_house())


def _profile() -> Profile:
    return _house().profile


def _logo(profile: Profile) -> bytes | None:
    if not profile.logo:
        return None
    try:
        with runtime().storage.open(key_of(current_house().id, "brand", profile.logo)) as stored:
            return stored.read()
    except FileNotFoundError:
        return None


def _lasting(response: Response, version: str) -> ResponseReturnValue:
    """Keep it for long only under the address that it has now."""
    response.cache_control.public = True
    response.cache_control.max_age = YEAR if version == version_of(_profile()) else 0
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.add_etag()
    response.make_conditional(request)  # in place
    return response
