"""Declarative bases and what every table has."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, MetaData, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from guildhall.core.clock import now
from guildhall.core.ids import uuid7

# Named by rule, so that a migration can name what it changes (and PostgreSQL's 63 bytes are kept by SQLAlchemy).
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_TYPES = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[str]: JSONB, list[dict[str, Any]]: JSONB}


class Base(DeclarativeBase):
    """Tables of a tenant's schema. They name no schema: the transaction's search path does."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = _TYPES


class PlatformBase(DeclarativeBase):
    """The vendor's tables."""

    metadata = MetaData(naming_convention=NAMING, schema="platform")
    type_annotation_map = _TYPES


class Keyed:
    """A primary key from the app."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-1)


class Timestamps:
    created_at: Mapped[datetime] = mapped_column(default=now, server_default=func.now(), sort_order=1)
    updated_at: Mapped[datetime] = mapped_column(default=now, server_default=func.now(), onupdate=now, sort_order=1)


def personal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column that holds personal data (个人信息保护法 art. 4).

    Its table must be named in its module's `PersonalData`, so that a person's export and erasure cover it; start-up
    fails otherwise.
    """
    return mapped_column(*args, info={"personal": True}, **options)
