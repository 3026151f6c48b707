"""What every process of ours begins with: settings, modules, tenants."""

import os
from dataclasses import dataclass
from functools import cached_property

from guildhall.core.runtime import Runtime
from guildhall.core.settings import Settings
from guildhall.server.speaking import make_speaker
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
        return cls(Runtime.build(Settings.from_environ(os.environ)))

    @cached_property
    def tenants(self) -> TenantRegistry:
        return TenantRegistry(self.runtime)
