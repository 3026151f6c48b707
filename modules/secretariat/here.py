"""What the office's pages work with, beside the core's context."""

from typing import cast

from guildhall.core.config import ModuleSettings
from guildhall.core.web.context import current_house, db_session, door, runtime
from tenants.registry import Tenant, TenantRegistry


def association() -> Tenant:
    """The association whose house this is."""
    return cast("Tenant", current_house())


def tenants() -> TenantRegistry:
    return cast("TenantRegistry", door().extensions["tenants"])


def settings_of(module: str = "secretariat") -> ModuleSettings:
    return ModuleSettings(db_session(), module, runtime().vault)
