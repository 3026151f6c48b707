"""The door to the site."""

from typing import Any

from guildhall.core.db import UnitOfWork
from guildhall.core.identity import ANONYMOUS, Actor
from guildhall.core.runtime import Runtime
from guildhall.core.web.app import make_door
from guildhall.core.web.door import Door
from guildhall.core.web.view import Brand
from tenants.registry import TenantRegistry


def create_site(runtime: Runtime, tenants: TenantRegistry) -> Door:
    door = make_door("site", runtime, identify, ["guildhall.site"], _context)
    door.extensions["tenants"] = tenants
    return door


def identify(session: UnitOfWork) -> Actor:  # noqa: ARG001
    return ANONYMOUS


def _context() -> dict[str, Any]:
    return {"brand": Brand("Guildhall")}
