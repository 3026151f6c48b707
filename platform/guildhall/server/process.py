"""What every process of ours begins with: settings, modules, tenants."""

import os
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from billing.plans import includes
from guildhall.core.house import PLATFORM_ID, House
from guildhall.core.observability.logs import configure_logging
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.server.speaking import make_speaker
from guildhall.site.trial import PLATFORM_MAILS
from tenants.jobs import PLATFORM_SCHEDULES
from tenants.registry import TenantRegistry


@dataclass
class Process:
    """A runtime and its registry of tenants."""

    runtime: Runtime

    def __post_init__(self) -> None:
        self.runtime.speak = make_speaker(self.runtime)

    @classmethod
    def from_environ(cls) -> "Process":
        """Raises `SettingsError` when the environment cannot work, `ContractError` when a module cannot."""
        settings = Settings.from_environ(os.environ)
        configure_logging(settings)
        return cls.of(settings)

    @classmethod
    def of(cls, settings: Settings) -> "Process":
        return cls(Runtime.build(settings, Registry.load(PLATFORM_SCHEDULES, PLATFORM_MAILS)))

    def house(self, house_id: UUID) -> House | None:
        """The platform's own house, or an association that is open; None for one whose work rests."""
        if house_id == PLATFORM_ID:
            return self.runtime.platform
        tenant = self.tenants.by_id(house_id)
        return tenant if tenant is not None and tenant.is_open else None

    def houses(self) -> list[House]:
        """All of them, the platform first, read anew."""
        return [self.runtime.platform, *(tenant for tenant in self.tenants.all() if tenant.is_open)]

    @cached_property
    def tenants(self) -> TenantRegistry:
        return TenantRegistry(self.runtime, includes)

    def close(self) -> None:
        """Put away what it holds: the listener, connections."""
        if "tenants" in self.__dict__:
            self.tenants.close()
        self.runtime.close()
