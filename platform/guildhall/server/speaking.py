"""The product's voice outside a request: words and templates of mails and jobs, in whatever language is asked for."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from flask import Flask, g

from guildhall.core.house import House
from guildhall.core.i18n import init_i18n
from guildhall.core.runtime import Runtime
from guildhall.core.web.app import template_loader
from guildhall.core.web.ui import register_ui
from guildhall.core.web.view import Brand
from tenants.registry import Tenant


def make_speaker(runtime: Runtime) -> Callable[[House, str], AbstractContextManager[None]]:
    """What `Runtime.speak` wants: an app that serves nothing, entered for one house and one language."""
    packages = [
        "tenants",
        "guildhall.site",
        "guildhall.server",
        *(module.package for module in runtime.registry.modules),
    ]
    app = Flask("guildhall.speaker", static_folder=None, template_folder=None)
    app.jinja_loader = template_loader(packages)
    init_i18n(app, ["guildhall.core", *packages], lambda: g.locale, lambda: g.house.timezone)
    register_ui(app)
    app.context_processor(_context)

    @contextmanager
    def speak(house: House, locale: str) -> Iterator[None]:
        with app.app_context():
            g.house, g.locale = house, locale
            yield

    return speak


def _context() -> dict[str, Any]:
    return {"brand": brand_of(g.house), "locale": g.locale, "house": g.house.name, "footer_lines": ()}


def brand_of(house: House) -> Brand:
    """How an association shows itself where no page's address can be built."""
    if not isinstance(house, Tenant):
        return Brand(house.name, home_url=house.url())
    profile = house.profile
    return Brand(profile.name, profile.short_name, profile.colour, house.url(), icp=profile.icp)
