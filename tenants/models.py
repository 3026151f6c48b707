"""The registry's tables, in the schema `platform`."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from guildhall.core.clock import now
from guildhall.core.db import Keyed, PlatformBase, Timestamps
from guildhall.core.i18n import _l


class TenantStatus(StrEnum):
    """Where an association stands with the vendor. Its data is kept in each state but `purged`."""

    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    SUSPENDED = "suspended"  # the house shows a notice
    CLOSED = "closed"  # the same, on its way out
    PURGED = "purged"  # the schema and files are gone; the row stays as a record

    @property
    def label(self) -> Any:
        return _STATUS_LABELS[self]


_STATUS_LABELS = {
    TenantStatus.TRIAL: _l("Trial"),
    TenantStatus.ACTIVE: _l("Active"),
    TenantStatus.PAST_DUE: _l("Payment due"),
    TenantStatus.SUSPENDED: _l("Suspended"),
    TenantStatus.CLOSED: _l("Closed"),
    TenantStatus.PURGED: _l("Deleted"),
}


class TenantRow(Keyed, Timestamps, PlatformBase):
    """An association.

    Attributes:
        slug_skeleton: the slug with look-alike characters folded, so that no second one can be mistaken for it.
        cluster: which database cluster holds the schema.
        revisions: branch → revision of the schema; the same transaction that migrates writes both.
        modules: names of those switched on, without the always-on ones.
        profile: name, languages, colours; see `tenants.profile.Profile`.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("status IN ('trial', 'active', 'past_due', 'suspended', 'closed', 'purged')", name="status"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    slug_skeleton: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default=TenantStatus.TRIAL)
    cluster: Mapped[str] = mapped_column(default="main")
    schema: Mapped[str] = mapped_column(unique=True)
    revisions: Mapped[dict[str, Any]]
    modules: Mapped[list[str]]
    plan: Mapped[str]
    template: Mapped[str]
    profile: Mapped[dict[str, Any]]
    trial_ends_at: Mapped[datetime | None]
    notice: Mapped[str] = mapped_column(default="")
    hosts: Mapped[list["TenantHost"]] = relationship(
        back_populates="tenant", cascade="all, delete-orphan", lazy="selectin"
    )


class HostKind(StrEnum):
    DOMAIN = "domain"  # the association's own
    FORMER_SLUG = "former_slug"  # leads to the present address


class TenantHost(Keyed, PlatformBase):
    """A host besides `<slug>.<base>` that leads to a house. A domain serves only once its DNS record was seen."""

    __tablename__ = "tenant_host"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("platform.tenant.id", ondelete="CASCADE"), index=True)
    host: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    token: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    is_primary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    tenant: Mapped[TenantRow] = relationship(back_populates="hosts")


class TenantEvent(Keyed, PlatformBase):
    """A step in an association's life: who, when and why."""

    __tablename__ = "tenant_event"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("platform.tenant.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str]
    actor_label: Mapped[str]
    actor_id: Mapped[UUID | None]
    reason: Mapped[str] = mapped_column(default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class SpareSchema(Keyed, PlatformBase):
    """A schema that is built and waits for an association; its id becomes the association's."""

    __tablename__ = "spare_schema"

    schema: Mapped[str] = mapped_column(unique=True)
    revisions: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class SupportAccess(Keyed, PlatformBase):
    """A member of the vendor's staff in a house: for a time, with a reason, visible to the association."""

    __tablename__ = "support_access"
    __table_args__ = (Index("ix_support_access_open", "tenant_id", postgresql_where=text("ended_at IS NULL")),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("platform.tenant.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID]
    staff_label: Mapped[str]
    reason: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FleetRun(Keyed, PlatformBase):
    """One run of a migration over all associations, with what failed."""

    __tablename__ = "fleet_run"

    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    heads: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    failures: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
