"""Rows in every table of an association, with a word of its own in every column that holds words.

Rows are made from the tables themselves, so a table that a module adds is planted without being named here. Named are
only columns whose values other code reads: codes, secrets, and the shapes of JSON.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import Column, DateTime, LargeBinary, String, Uuid, inspect
from sqlalchemy.dialects.postgresql import JSONB

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.db import Base, UnitOfWork
from guildhall.core.ids import uuid7
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from modules.accounts import public as accounts
from tenants.registry import Tenant

OF_SERVICES = frozenset({"accounts_person", "accounts_role_assignment", "core_audit_entry", "core_audit_head"})
"""Tables whose rows hang together, so that services write them."""

CODES: dict[str, Any] = {
    "accounts_consent.kind": "privacy",
    "accounts_consent.source": "portal",
    "accounts_consent_document.kind": "privacy",
    "accounts_consent_document.text": "The terms of the house.",
    "accounts_people_import.mapping": {"name": 0},
    "accounts_role.code": None,
    "accounts_session.method": "password",
    "core_job.module": "",
    "core_job.name": "messaging.announce",
    "core_job.state": "done",
    "core_setting.key": "bank_account_name",
    "core_setting.module": "payments",
    "core_webhook_delivery.error": "",
    "files_file.content_type": "text/plain",
    "files_file.permission": "",
    "files_file.purpose": "files.shared",
    "messaging_blocked_address.reason": "bounced",
    "messaging_message.channel": "in_app",
    "messaging_message.error": "",
    "messaging_message.kind": "messaging.announcement",
    "messaging_message.locale": "en",
    "messaging_message.status": "sent",
    "messaging_own_words.kind": "messaging.announcement",
    "messaging_own_words.locale": "en",
    "messaging_preference.channel": "email",
    "messaging_preference.kind": "messaging.announcement",
}
"""Columns whose values are read by code."""


@dataclass
class Planted:
    """An association, its word, and what was planted in it.

    Attributes:
        owner: the member to whom every planted row belongs, where a row belongs to somebody.
        rows: table → primary key of the planted row.
    """

    runtime: Runtime
    tenant: Tenant
    canary: str
    owner: accounts.Person
    rows: dict[str, Any] = field(default_factory=dict)

    def row(self, table: str) -> Any:
        return self.rows[table]


def plant(runtime: Runtime, tenant: Tenant, canary: str) -> Planted:
    """Fill every table of an association; `canary` is a lower-case word that occurs nowhere else."""
    with runtime.db.begin(tenant) as session:
        planted = Planted(runtime, tenant, canary, _owner(session, canary))
        planted.rows["accounts_person"] = planted.owner.id
        # The core's tables first: modules name its jobs without a foreign key.
        for table in sorted(Base.metadata.sorted_tables, key=lambda table: not table.name.startswith("core_")):
            if table.name not in OF_SERVICES:
                planted.rows[table.name] = _plant_row(session, planted, _model_of(table.name))
        audit.record(session, "test.planted", label=canary, reason=canary, changes={"word": [None, canary]})
    return planted


def _owner(session: UnitOfWork, canary: str) -> accounts.Person:
    values = {"email": f"{canary}@a.example", "phone": _phone_of(canary), "organization": f"{canary} Ltd"}
    return accounts.create_person(session, f"{canary} Wang", status=accounts.PersonStatus.ACTIVE, locale="en", **values)


def _phone_of(canary: str) -> str:
    """A Chinese mobile number of its own."""
    return f"+86138{sum(ord(letter) * 131**place for place, letter in enumerate(canary)) % 10**8:08}"


def _model_of(table: str) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table.name == table)


def _plant_row(session: UnitOfWork, planted: Planted, model: type[Base]) -> Any:
    row = model(**dict(_values(planted, model)))
    session.add(row)
    session.flush()
    key = inspect(row).identity
    return key[0] if len(key) == 1 else key


def _values(planted: Planted, model: type[Base]) -> Iterator[tuple[str, Any]]:
    shapes = get_type_hints(model)
    for column in model.__table__.columns:
        name = f"{column.table.name}.{column.name}"
        if name in CODES:
            yield column.key, CODES[name]
        elif name in MADE:
            yield column.key, MADE[name](planted)
        elif is_wordy(column) or not has_value(column):
            yield column.key, _value(planted, column, shapes.get(column.key))


def is_wordy(column: Column[Any]) -> bool:
    """Whether a column takes words of people: text and JSON, unless its default is a code."""
    if f"{column.table.name}.{column.name}" in CODES or f"{column.table.name}.{column.name}" in MADE:
        return False
    return isinstance(column.type, JSONB) or (isinstance(column.type, String) and _default(column) in {"", None})


def has_value(column: Column[Any]) -> bool:
    """Whether the row is complete without it."""
    is_key_of_ours = column.primary_key and isinstance(column.type, Uuid) and not column.foreign_keys
    is_whose = isinstance(column.type, Uuid)
    return (not is_whose and (column.default is not None or column.nullable)) or is_key_of_ours


def _default(column: Column[Any]) -> Any:
    default = column.default
    return default.arg if default is not None and default.is_scalar else None


def _value(planted: Planted, column: Column[Any], shape: Any) -> Any:
    if column.foreign_keys:
        return planted.row(next(iter(column.foreign_keys)).column.table.name)
    if isinstance(column.type, Uuid):
        return planted.row("core_job") if column.name == "job_id" else planted.owner.id
    if isinstance(column.type, String):
        return f"{planted.canary}@a.example" if column.name == "address" else planted.canary
    if isinstance(column.type, JSONB):
        return _json(planted.canary, shape)
    if isinstance(column.type, DateTime):
        return now() + timedelta(days=1)
    return planted.canary.encode() if isinstance(column.type, LargeBinary) else 1


def _json(canary: str, shape: Any) -> Any:
    """What fits `Mapped[list[str]]`, `Mapped[dict[str, Any]]` and so on."""
    inner = get_args(shape)[0] if get_args(shape) else dict
    if get_origin(inner) is list:
        return [canary if get_args(inner)[0] is str else {"canary": canary}]
    return {"canary": canary}


def _store_file(planted: Planted) -> str:
    key = key_of(planted.tenant.id, "files", str(uuid7()))
    planted.runtime.storage.put(key, BytesIO(planted.canary.encode()), "text/plain")
    return key


MADE: dict[str, Callable[[Planted], Any]] = {
    "accounts_consent_document.version": lambda _planted: 2,
    "accounts_people_import.rows": lambda p: [{"line": 2, "cells": [p.canary]}],
    "accounts_people_import.errors": lambda p: [{"line": 3, "cells": [p.canary], "error": p.canary}],
    "accounts_totp.secret": lambda p: p.runtime.vault.encrypt("JBSWY3DPEHPK3PXP"),
    "core_job.result": lambda p: {"canary": p.canary},
    "core_setting.value": lambda p: p.canary,
    "core_webhook_endpoint.secret": lambda p: p.runtime.vault.encrypt(p.canary),
    "core_webhook_endpoint.url": lambda p: f"https://{p.canary}.example/hook",
    "files_file.storage_key": _store_file,
}
"""Columns that cannot hold the bare word."""


def wordy_columns() -> Iterator[tuple[str, str]]:
    """Every (table, column) that carries the word."""
    for table in Base.metadata.sorted_tables:
        if table.name not in OF_SERVICES:
            yield from ((table.name, column.name) for column in table.columns if is_wordy(column))
