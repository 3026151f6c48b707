"""Settings of modules, per house: typed by their declaration, secrets encrypted."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.crypto import Vault
from guildhall.core.db import Base

if TYPE_CHECKING:
    from guildhall.core.db.unit import UnitOfWork


class SettingValue(Base):
    """A setting that was changed from its default."""

    __tablename__ = "core_setting"

    module: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class ModuleSettings:
    """The settings of one module in one house."""

    def __init__(self, session: "UnitOfWork", module: str, vault: Vault | None = None) -> None:
        self._session = session
        self._module = module
        self._vault = vault

    def get(self, key: str) -> Any:
        """The value, or the declared default.

        Raises:
            KeyError: the setting was not declared.
        """
        declaration = self._session.registry.setting(self._module, key)
        row = self._session.get(SettingValue, (self._module, key))
        if row is None:
            return declaration.default
        return self._vault.decrypt(row.value) if declaration.secret and self._vault else row.value

    def all(self) -> dict[str, Any]:
        """Every declared setting; a secret only as whether it is set."""
        rows = select(SettingValue).where(SettingValue.module == self._module)
        stored = {row.key: row.value for row in self._session.scalars(rows)}
        declared = self._session.registry.by_name[self._module].settings
        return {s.key: (s.key in stored) if s.secret else stored.get(s.key, s.default) for s in declared}

    def set(self, values: dict[str, Any]) -> None:
        """Change settings and note it in the audit log (a secret's value is not noted)."""
        changes = {}
        for key, value in values.items():
            declaration = self._session.registry.setting(self._module, key)
            before = "•" if declaration.secret else self.get(key)
            stored = self._vault.encrypt(value) if declaration.secret and self._vault else value
            row = {"module": self._module, "key": key, "value": stored, "updated_at": now()}
            statement = insert(SettingValue).values(row)
            upsert = statement.on_conflict_do_update(
                index_elements=["module", "key"], set_={"value": stored, "updated_at": now()}
            )
            self._session.execute(upsert)
            if before != value:
                changes[key] = [before, "•" if declaration.secret else value]
        self._session.expire_all()
        if changes:
            audit.record(self._session, "core.settings_changed", label=self._module, changes=changes)

    def reset(self, keys: Collection[str]) -> None:
        """Go back to the declared defaults; a secret is forgotten."""
        stored = delete(SettingValue).where(SettingValue.module == self._module, SettingValue.key.in_(keys))
        removed = self._session.scalars(stored.returning(SettingValue.key)).all()
        self._session.expire_all()
        if removed:
            changes = {key: ["•", None] for key in sorted(removed)}
            audit.record(self._session, "core.settings_reset", label=self._module, changes=changes)
