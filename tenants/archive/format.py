"""The archive's format: its parts, and the manifest that vouches for them."""

import json
import re
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any

from tenants.errors import ArchiveDamaged, ArchiveTooNew

FORMAT = 1
MANIFEST, SCHEMA, README = "manifest.json", "schema.json", "README.md"
# Parts that a restore reads; a name that is none of these is refused, so that no key leads out of the store.
_TABLE_PART = re.compile(r"tables/([a-z_][a-z0-9_]*)\.csv")
_FILE_PART = re.compile(r"files/((?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*)")
_FIXED = frozenset({SCHEMA, README})


def readme() -> bytes:
    """What somebody reads who opens an archive without us."""
    return files(__package__).joinpath("readme.md").read_bytes()


def table_part(table: str) -> str:
    return f"tables/{table}.csv"


def file_part(key: str) -> str:
    """`key` without the association's id."""
    return f"files/{key}"


def key_of_part(name: str) -> str | None:
    """The key of a file's part, or None for other parts."""
    matched = _FILE_PART.fullmatch(name)
    return matched.group(1) if matched else None


@dataclass(frozen=True, slots=True)
class Part:
    """What a part must be, bit for bit."""

    sha256: str
    bytes: int


@dataclass(slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself.

    Attributes:
        tenant: the registration: id, slug, status, plan, template, modules, profile.
        revisions: branch → revision that the tables have.
        tables: rows a table.
        parts: every other part.
    """

    format: int = FORMAT
    product: str = "guildhall"
    exported_at: str
    tenant: dict[str, Any]
    revisions: dict[str, str]
    tables: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Read and check a manifest.

        Raises:
            ArchiveDamaged: it is no manifest of ours, or names a part that cannot be.
            ArchiveTooNew: its format is of a later version.
        """
        try:
            data = json.loads(content)
            if data["format"] > FORMAT:
                raise ArchiveTooNew
            data["parts"] = {name: Part(**part) for name, part in data["parts"].items()}
            manifest = cls(**data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveDamaged(part=MANIFEST) from error
        for name in manifest.parts:
            if name not in _FIXED and not _TABLE_PART.fullmatch(name) and not _FILE_PART.fullmatch(name):
                raise ArchiveDamaged(part=name)
        return manifest
