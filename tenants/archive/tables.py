"""Rows in and out by COPY, on a connection whose search path is the tenant's schema."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from guildhall.core.registry import Registry

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""
_FOREIGN_KEYS = """
SELECT r.relname, k.conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
WHERE k.connamespace = current_schema()::regnamespace AND k.contype = 'f'
"""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the database has it; columns that it computes itself are left out."""

    name: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    table: str
    name: str
    definition: str


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def tables(connection: Connection) -> list[Table]:
    """All tables of the schema, by name."""
    columns: dict[str, list[Column]] = {}
    for table, *column in driver_of(connection).execute(_COLUMNS):
        columns.setdefault(table, []).append(Column(*column))
    return [Table(name, tuple(own)) for name, own in columns.items()]


def described(found: Sequence[Table], registry: Registry) -> dict[str, Any]:
    """The tables for `schema.json`, with what the installed modules' models say of them."""
    models = {model.__tablename__: model for module in registry.modules for model in module.models}
    described: dict[str, Any] = {}
    for table in found:
        model = models.get(table.name)
        personal = {c.name for c in model.__table__.columns if c.info.get("personal")} if model else set()
        described[table.name] = {
            "holds": (model.__doc__ or "").strip().splitlines()[0] if model and model.__doc__ else "",
            "columns": [asdict(column) | {"personal": column.name in personal} for column in table.columns],
        }
    return described


def copy_out(cursor: psycopg.Cursor[Any], table: Table) -> Iterator[bytes]:
    """The rows as CSV with a header, piece by piece; `cursor.rowcount` is their number afterwards."""
    with cursor.copy(_formatted(sql.SQL("COPY {} ({}) TO STDOUT (FORMAT csv, HEADER)"), table)) as copy:
        yield from (bytes(piece) for piece in copy)


def copy_in(connection: Connection, table: Table, pieces: Iterable[bytes]) -> int:
    """Fill a table from such CSV; how many rows."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER MATCH)")
    with driver_of(connection).cursor() as cursor:
        with cursor.copy(_formatted(statement, table)) as copy:
            for piece in pieces:
                copy.write(piece)
        return cursor.rowcount


def _formatted(statement: sql.SQL, table: Table) -> sql.Composed:
    return statement.format(sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.column_names)))


def empty(connection: Connection, found: Sequence[Table]) -> None:
    """Remove the rows that migrations have written. Tables without any are left alone: a log refuses to be emptied."""
    driver = driver_of(connection)
    for name in (sql.Identifier(table.name) for table in found):
        if driver.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
            driver.execute(sql.SQL("TRUNCATE {}").format(name))


def take_off_foreign_keys(connection: Connection) -> list[ForeignKey]:
    """Drop them, so that tables can be filled in any order."""
    driver = driver_of(connection)
    keys = [ForeignKey(*row) for row in driver.execute(_FOREIGN_KEYS).fetchall()]
    for key in keys:
        statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        driver.execute(statement.format(sql.Identifier(key.table), sql.Identifier(key.name)))
    return keys


def put_back_foreign_keys(connection: Connection, keys: Iterable[ForeignKey]) -> None:
    """Add them again, which checks every row."""
    for key in keys:
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} ")
        named = statement.format(sql.Identifier(key.table), sql.Identifier(key.name))
        driver_of(connection).execute(named + sql.SQL(key.definition))
