"""Alembic revisions, and the plain statements that they come down to.

Revisions are written and tested with Alembic. To bring thousands of schemas along, each step is compiled once by its
offline mode into a list of statements that name no schema; whoever runs them sets the search path first. One branch a
module, named like the module, beside the core's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

import guildhall
from guildhall.core.module import Module

CORE = "core"
PLATFORM = "platform"
VERSION_TABLE_SQL = "CREATE TABLE alembic_version (version_num VARCHAR(64) NOT NULL PRIMARY KEY)"


def migrations_root() -> Path:
    """The folder with a folder for each branch: inside the package once installed, beside it in a checkout."""
    package = Path(guildhall.__file__).parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


def folder_of(branch: str) -> Path:
    """Where a built-in branch keeps its revisions."""
    return migrations_root() / branch


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of one branch, as statements without schema names."""

    branch: str
    revision: str
    down_revision: str | None
    statements: tuple[str, ...]


class Scripts:
    """All revisions of the installed branches."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self._folders = {branch: folder for branch, folder in folders.items() if folder.is_dir()}

    @classmethod
    def of(cls, modules: Iterable[Module]) -> "Scripts":
        """The branches of a tenant's schema: the core's and the modules', in the order they are applied."""
        folders = {CORE: folder_of(CORE)}
        return cls(folders | {m.name: m.migrations for m in modules if m.migrations is not None})

    @classmethod
    def platform(cls) -> "Scripts":
        """The branches of the vendor's schema."""
        return cls({CORE: folder_of(CORE), PLATFORM: folder_of(PLATFORM)})

    @property
    def branches(self) -> tuple[str, ...]:
        return tuple(self._folders)

    @cached_property
    def heads(self) -> dict[str, str]:
        """Branch → newest revision."""
        return {branch: revisions[-1].revision for branch in self._folders if (revisions := self.revisions(branch))}

    def revisions(self, branch: str) -> list[Script]:
        """A branch's revisions, oldest first; a branch is one line without forks."""
        script = self._directory(branch)
        return list(reversed(list(script.walk_revisions())))

    def steps(self, branch: str, after: str | None = None) -> list[Step]:
        """What is still to be done in a schema whose branch stands at `after` (None: nothing was done yet).

        Raises:
            LookupError: the schema stands at a revision that this version does not know; it is newer, or damaged.
        """
        revisions = self.revisions(branch)
        names = [script.revision for script in revisions]
        if after is not None and after not in names:
            msg = f"branch {branch}: revision {after} is unknown to this version"
            raise LookupError(msg)
        start = names.index(after) + 1 if after else 0
        return [self._compiled(branch, name) for name in names[start:]]

    def upgrade(self, connection: Connection, branch: str) -> None:
        """Alembic's own way from nothing to the head, on a connection inside a schema; the measure for `steps`."""
        context = MigrationContext.configure(connection)
        for script in self.revisions(branch):
            with Operations.context(context):
                script.module.upgrade()

    def downgrade(self, connection: Connection, branch: str) -> None:
        """Back from the head to nothing."""
        context = MigrationContext.configure(connection)
        for script in reversed(self.revisions(branch)):
            with Operations.context(context):
                script.module.downgrade()

    def _compiled(self, branch: str, revision: str) -> Step:
        found = self._steps_by_name.get((branch, revision))
        if found is None:
            script = next(s for s in self.revisions(branch) if s.revision == revision)
            statements = tuple(_compile(script))
            found = Step(branch, revision, script.down_revision, statements)  # type: ignore[arg-type]
            self._steps_by_name[branch, revision] = found
        return found

    @cached_property
    def _steps_by_name(self) -> dict[tuple[str, str], Step]:
        return {}

    def _directory(self, branch: str) -> ScriptDirectory:
        return _directory(self._folders[branch])


@lru_cache(maxsize=256)
def _directory(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder), version_locations=[str(folder)])


class _Collector:
    """Alembic writes each statement of its offline mode here."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def write(self, text: str) -> None:
        statement = text.strip().rstrip(";").strip()
        if statement:
            self.statements.append(statement)

    def flush(self) -> None:
        """Nothing is buffered."""


def _compile(script: Script) -> Iterator[str]:
    collector = _Collector()
    options = {"as_sql": True, "output_buffer": collector}
    context = MigrationContext.configure(dialect=postgresql.dialect(), opts=options)  # type: ignore[no-untyped-call]
    with Operations.context(context):
        script.module.upgrade()
    yield from collector.statements
