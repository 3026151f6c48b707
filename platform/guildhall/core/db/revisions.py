"""Writing a new revision: what the models say and the migrations do not yet."""

import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from guildhall.core.clock import now
from guildhall.core.db.migrations import Scripts

_TEMPLATE = '''"""{message}"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "{revision}"
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''


def table_filter(tables: set[str]) -> Any:
    """Alembic's `include_object`: only these tables and what is on them."""

    def include(_object: object, name: str | None, type_: str, _reflected: bool, _compare_to: object) -> bool:
        return type_ != "table" or name in tables

    return include


def _context(connection: Connection, metadata: MetaData, tables: set[str]) -> MigrationContext:
    options: dict[str, Any] = {"include_object": table_filter(tables), "compare_type": True}
    if metadata.schema is not None:
        # The vendor's models name their schema, so it must not pass for the default one, which Alembic leaves unnamed.
        connection.dialect.default_schema_name = "public"
        options |= {"include_schemas": True, "include_name": _only_schema(metadata.schema)}
    return MigrationContext.configure(connection, opts=options)


def _only_schema(schema: str) -> Any:
    def include(name: str | None, type_: str, _parents: object) -> bool:
        return type_ != "schema" or name == schema

    return include


def differences(connection: Connection, metadata: MetaData, tables: set[str]) -> list[Any]:
    """What models and schema do not agree on; nothing, when the migrations are complete."""
    return compare_metadata(_context(connection, metadata, tables), metadata)  # type: ignore[no-any-return]


def write_revision(
    connection: Connection,
    metadata: MetaData,
    tables: set[str],
    scripts: Scripts,
    folder: Path,
    branch: str,
    message: str,
) -> Path | None:
    """Write a revision for a schema that stands at the branch's head; None when there is nothing to do."""
    context = _context(connection, metadata, tables)
    script = produce_migrations(context, metadata)
    if script.upgrade_ops is None or script.upgrade_ops.is_empty():
        return None
    revisions = scripts.revisions(branch) if branch in scripts.branches else []
    down = revisions[-1].revision if revisions else None
    number = len(revisions) + 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40]
    text = _TEMPLATE.format(
        message=message.rstrip(".") + ".",
        revision=f"{branch}_{number:04d}",
        down=down,
        labels=None if down else (branch,),
        upgrade=_indented(render_python_code(script.upgrade_ops)),
        downgrade=_indented(render_python_code(script.downgrade_ops)),  # type: ignore[arg-type]
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now():%Y%m%d}_{number:04d}_{slug}.py"
    path.write_text(text)
    return path


def _indented(code: str) -> str:
    lines = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(lines).replace("JSONB(astext_type=Text())", "JSONB()").strip() or "pass"
