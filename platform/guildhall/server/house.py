"""The door to an association's house: every installed module behind one app."""

from typing import Any

from flask import request

from guildhall.core.api.app import mount_api
from guildhall.core.api.caller import identify_caller
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import Actor
from guildhall.core.module import Area
from guildhall.core.runtime import Runtime
from guildhall.core.web.app import make_door, mount, navigation
from guildhall.core.web.context import current_house
from guildhall.core.web.door import Door
from guildhall.core.web.errors import is_api
from guildhall.core.web.view import Brand
from modules.accounts import public as accounts
from modules.integrations import public as integrations
from tenants.registry import TenantRegistry


def create_house(runtime: Runtime, tenants: TenantRegistry) -> Door:
    """One app for all houses; which one it is comes with each request's environ."""
    packages = ["tenants", "guildhall.server", *(module.package for module in runtime.registry.modules)]
    door = make_door("house", runtime, identify, packages, lambda: _context(door))
    door.extensions["tenants"] = tenants
    mount(door, runtime.registry.modules)
    mount_api(door, runtime.registry.modules)
    return door


def identify(session: UnitOfWork) -> Actor:
    """Who asks: on the API whoever shows a token, elsewhere the person whose browser it is."""
    if is_api():
        return identify_caller(session, integrations.authenticate_token)
    return accounts.authenticate(session)


def _context(door: Door) -> dict[str, Any]:
    house = current_house()
    area = next((a for a, p in ((Area.ADMIN, "/admin"), (Area.PORTAL, "/me")) if request.path.startswith(p)), Area.SITE)
    return {"brand": Brand(house.name), "navigation": navigation(door, area)}
