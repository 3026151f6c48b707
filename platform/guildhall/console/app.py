"""The door to the vendor's console."""

from flask import session

from guildhall.console import staff
from guildhall.console.context import console_context
from guildhall.console.pages import associations, audit, onboarding, overview, sign_in
from guildhall.console.pages import staff as staff_pages
from guildhall.core.db import UnitOfWork
from guildhall.core.identity import Actor
from guildhall.core.runtime import Runtime
from guildhall.core.web.app import make_door
from guildhall.core.web.door import Door
from tenants.registry import TenantRegistry


def create_console(runtime: Runtime, tenants: TenantRegistry) -> Door:
    # The console comes last: where two packages translate one word, its own holds here.
    modules = (module.package for module in runtime.registry.modules)
    packages = ["tenants", "billing", *modules, "guildhall.console"]
    door = make_door("console", runtime, identify, packages, console_context)
    door.extensions["tenants"] = tenants
    for pages in (sign_in, overview, associations, onboarding, staff_pages, audit):
        door.register_blueprint(pages.blueprint)
    return door


def identify(unit: UnitOfWork) -> Actor:
    """Whoever is signed in on this browser. Staff and associations' people never share a session: the hosts differ."""
    return staff.identify(unit, session.get(sign_in.SESSION_KEY))
