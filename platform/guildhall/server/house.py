"""The door to an association's house: every installed module behind one app."""

from collections.abc import Iterator
from typing import Any, cast

from flask import request, url_for

from guildhall.core.api.app import mount_api
from guildhall.core.api.caller import identify_caller
from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.identity import Actor
from guildhall.core.module import Area
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Mode
from guildhall.core.web import jobs, search
from guildhall.core.web.app import PREFIXES, has_work, make_door, mount, navigation
from guildhall.core.web.context import current_actor, current_house
from guildhall.core.web.door import Door
from guildhall.core.web.errors import is_api
from guildhall.core.web.view import Account, Banner, Entry
from guildhall.server import installable, support
from guildhall.server.closed import HouseClosed, demand_open, show_notice
from modules.accounts import public as accounts
from modules.integrations import public as integrations
from tenants.registry import Tenant, TenantRegistry


def create_house(runtime: Runtime, tenants: TenantRegistry) -> Door:
    """One app for all houses; which one it is comes with each request's environ."""
    packages = ["tenants", "guildhall.server", *(module.package for module in runtime.registry.modules)]
    door = make_door("house", runtime, identify, packages, lambda: _context(door))
    door.extensions["tenants"] = tenants
    door.admit = demand_open
    door.register_error_handler(HouseClosed, show_notice)
    door.register_blueprint(jobs.blueprint)
    door.register_blueprint(search.blueprint)
    door.register_blueprint(installable.blueprint)
    door.register_blueprint(support.blueprint)
    mount(door, runtime.registry.modules)
    mount_api(door, runtime.registry.modules)
    return door


def identify(session: UnitOfWork) -> Actor:
    """Who asks: on the API whoever shows a token; elsewhere a visitor from the vendor while the visit lasts, or the
    person whose browser it is.
    """
    if is_api():
        return identify_caller(session, integrations.authenticate_token)
    return support.identify_visitor(session) or accounts.authenticate(session)


def _context(door: Door) -> dict[str, Any]:
    """What layouts show. The public site is given nothing of anybody's, so that its pages can be cached."""
    house, area = cast("Tenant", current_house()), _area()
    home = PREFIXES[area] or "/"
    context = {
        "brand": installable.brand_of(house, home),
        "footer": _entries(door, Area.FOOTER),
        "banners": [*_banners(door)],
    }
    if not house.is_open:
        return context
    context |= {"navigation": navigation(door, area), "service_worker_url": url_for("installable.service_worker")}
    if area is Area.SITE or not current_actor().signed_in:
        return context
    context |= {"account": _account(door, area), "search_url": url_for("search.search")}
    if area is Area.ADMIN:
        context |= {"create": _entries(door, Area.CREATE), "notices": next(iter(_entries(door, Area.NOTICES)), None)}
    return context


def _area() -> Area:
    """The part of the house that a path lies in."""
    parts = request.path.split("/", 2)
    return {"admin": Area.ADMIN, "me": Area.PORTAL}.get(parts[1], Area.SITE)


def _entries(door: Door, area: Area) -> list[Entry]:
    return [entry for group in navigation(door, area) for entry in group.entries]


def _account(door: Door, area: Area) -> Account:
    actor = current_actor()
    return Account(actor.label, "", [*_other_side(door, area), *_entries(door, Area.ACCOUNT)])


def _other_side(door: Door, area: Area) -> Iterator[Entry]:
    """From the members' pages to the office, and back."""
    if area is Area.ADMIN:
        yield Entry(_("Members' pages"), PREFIXES[Area.PORTAL], "circle-user")
    elif has_work(door, Area.ADMIN):
        yield Entry(_("Secretariat's office"), PREFIXES[Area.ADMIN], "layout-dashboard")


def _banners(door: Door) -> Iterator[Banner]:
    if door.runtime.settings.mode is Mode.DEMO:
        yield Banner(_("Demonstration: everything here is invented, and nothing is sent."), icon="flask-conical")
    if _area() is not Area.SITE and (visit := support.visit_banner()):
        yield visit
