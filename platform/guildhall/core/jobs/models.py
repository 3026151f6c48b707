"""The outbox. The truth about a job is here; RQ only carries its id."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core.clock import now
from guildhall.core.db import Base, Keyed


class JobState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"  # every attempt failed; a person decides
    SKIPPED = "skipped"  # its module is off in this house
    CANCELLED = "cancelled"


class JobRow(Keyed, Base):
    """One job of a house.

    Attributes:
        module: whose job it is; skipped while that module is off. Empty for the core's own.
        unique_key: at most one job with this key, ever; schedules use it ("membership.remind@2026-11-22").
        handed_at: when the relay last gave it to RQ. A worker or a queue that lost it is given it again.
    """

    __tablename__ = "core_job"
    __table_args__ = (
        Index("ix_core_job_due", "run_at", postgresql_where=text("state = 'pending'")),
        Index("ix_core_job_created_at", "created_at"),
    )

    name: Mapped[str]
    module: Mapped[str] = mapped_column(default="")
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=JobState.PENDING)
    run_at: Mapped[datetime] = mapped_column(default=now)
    unique_key: Mapped[str | None] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    handed_at: Mapped[datetime | None]
    error: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None]


class JobProgress(Base):
    """How far a long job is. A row of its own: the job's row is locked while it runs."""

    __tablename__ = "core_job_progress"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("core_job.id", ondelete="CASCADE"), primary_key=True)
    done: Mapped[int]
    total: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
