"""The database: declarative bases, engine, and the unit of work that every read and write goes through."""

from guildhall.core.db.base import Base, Keyed, PlatformBase, Timestamps, personal
from guildhall.core.db.engine import Database, NoScopeError
from guildhall.core.db.unit import UnitOfWork

__all__ = ["Base", "Database", "Keyed", "NoScopeError", "PlatformBase", "Timestamps", "UnitOfWork", "personal"]
