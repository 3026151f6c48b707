"""A house: whoever's rows, pages and jobs are being worked on.

The core knows no tenant. What it needs to know of one is said here, and the tenants floor gives it. The platform itself
is a house too: it has jobs, an audit log and settings of its own, in its own schema.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may touch: one schema, under one database role (`None` keeps the role that logged in)."""

    schema: str
    role: str | None


class House(Protocol):
    """What the core asks of a tenant, and of the platform."""

    @property
    def id(self) -> UUID: ...
    @property
    def scope(self) -> Scope: ...
    @property
    def name(self) -> str: ...
    @property
    def modules(self) -> frozenset[str]:
        """Names of the modules that are switched on, the always-on ones included."""
        ...

    @property
    def laid_out(self) -> frozenset[str]:
        """Names of the modules whose tables are there, whether they are switched on or not."""
        ...

    @property
    def locale(self) -> str: ...
    @property
    def locales(self) -> tuple[str, ...]: ...
    @property
    def timezone(self) -> str: ...
    @property
    def currency(self) -> str: ...
    def url(self, path: str = "/") -> str:
        """Absolute address of a page, from the stored domain."""
        ...


PLATFORM_SCOPE = Scope(schema="platform", role=None)
PLATFORM_ID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Platform:
    """The vendor's own house."""

    base_url: str
    locale: str = "zh_Hans"
    locales: tuple[str, ...] = ("zh_Hans", "en")
    timezone: str = "Asia/Shanghai"
    currency: str = "CNY"
    name: str = "Guildhall"
    id: UUID = PLATFORM_ID
    scope: Scope = PLATFORM_SCOPE
    modules: frozenset[str] = frozenset()
    laid_out: frozenset[str] = frozenset()

    def url(self, path: str = "/") -> str:
        return self.base_url.rstrip("/") + path
