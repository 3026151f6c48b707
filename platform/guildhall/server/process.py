"""What every process of ours begins with: settings, modules, tenants."""

import os
from dataclasses import dataclass
from functools import cached_property

from billing.plans import includes
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.site.trial import PLATFORM_MAILS
from guildhall.server.speaking import make_speaker
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
        return cls.of(Settings.from_environ(os.environ))

    @classmethod
    def of(cls, settings: Settings) -> "Process":
        return cls(Runtime.build(settings, Registry.load(PLATFORM_SCHEDULES, PLATFORM_MAILS)))

    @cached_property
    def tenants(self) -> TenantRegistry:
        return TenantRegistry(self.runtime, includes)
