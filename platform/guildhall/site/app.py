"""The door to the public site."""

from typing import Any

from flask import url_for

from guildhall.core.db import UnitOfWork
from guildhall.core.i18n import _
from guildhall.core.identity import ANONYMOUS, Actor
from guildhall.core.runtime import Runtime
from guildhall.core.web.app import make_door
from guildhall.core.web.door import Door
from guildhall.core.web.view import Brand, Entry, Group
from guildhall.site.pages import blueprint
from tenants.registry import TenantRegistry


def create_site(runtime: Runtime, tenants: TenantRegistry) -> Door:
    modules = (module.package for module in runtime.registry.modules)
    packages = ["tenants", "billing", *modules, "guildhall.console", "guildhall.site"]
    door = make_door("site", runtime, identify, packages, _context)
    door.extensions["tenants"] = tenants
    door.register_blueprint(blueprint)
    return door


def identify(_unit: UnitOfWork) -> Actor:
    """Nobody signs in here."""
    return ANONYMOUS


def _context() -> dict[str, Any]:
    entries = [
        Entry(_("Modules"), url_for("site.index") + "#modules"),
        Entry(_("Plans"), url_for("site.index") + "#plans"),
    ]
    return {"brand": Brand("Guildhall · 会馆", short_name="Guildhall"), "navigation": [Group("", entries)]}
