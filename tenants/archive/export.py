"""Writing an association's archive: one snapshot of its rows, streamed, so that memory does not grow with the data."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection

from guildhall.core.clock import now
from guildhall.core.db import Database
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from tenants.archive import tables
from tenants.archive.format import MANIFEST, README, SCHEMA, Manifest, Part, file_part, readme, table_part
from tenants.events import locked, note
from tenants.models import TenantRow
from tenants.registry import Tenant, snapshot

PIECE = 1024 * 1024
EXPORTED = "exported"
# All tables as of one moment; a long COPY is no runaway statement.
_SNAPSHOT = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", "SET LOCAL statement_timeout = 0")


def export_tenant(runtime: Runtime, tenant_id: UUID, path: Path, actor: Actor = SYSTEM) -> Manifest:
    """Write one association into a file: every row, every uploaded file, and a manifest with checksums.

    The file appears under its name only once it is whole. The export is noted; a purge asks for that note.

    Raises:
        NotFound: there is no such association.
    """
    partial = path.with_name(path.name + ".partial")
    with runtime.db.begin(runtime.platform, actor) as session:
        row = session.get_or_404(TenantRow, tenant_id)
        manifest = _manifest(row)
        tenant = snapshot(runtime, row)
    with partial.open("wb") as target, ZipFile(target, "w") as archive:
        writer = _Writer(archive, manifest)
        _write_tables(runtime.db, tenant, writer, runtime)
        _write_files(runtime, tenant, writer)
        writer.write(README, [readme()])
        archive.writestr(MANIFEST, manifest.to_json(), ZIP_DEFLATED)
    partial.replace(path)
    with runtime.db.begin(runtime.platform, actor) as session:
        rows = sum(manifest.tables.values())
        note(session, locked(session, tenant_id), EXPORTED, rows=rows, bytes=path.stat().st_size)
    return manifest


def _manifest(row: TenantRow) -> Manifest:
    names = ("slug", "status", "plan", "template", "modules", "profile")
    registration = {"id": str(row.id)} | {name: getattr(row, name) for name in names}
    return Manifest(exported_at=now().isoformat(), tenant=registration, revisions=dict(row.revisions))


class _Writer:
    """Writes parts and notes in the manifest what they are."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def write(self, name: str, pieces: Iterable[bytes], compression: int = ZIP_DEFLATED) -> None:
        info = ZipInfo(name, now().timetuple()[:6])
        info.compress_type = compression
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
                digest.update(piece)
                size += len(piece)
        self.manifest.parts[name] = Part(digest.hexdigest(), size)


def _write_tables(db: Database, tenant: Tenant, writer: _Writer, runtime: Runtime) -> None:
    with _one_moment(db, tenant) as connection:
        found = tables.tables(connection)
        with tables.driver_of(connection).cursor() as cursor:
            for table in found:
                writer.write(table_part(table.name), tables.copy_out(cursor, table))
                writer.manifest.tables[table.name] = cursor.rowcount
    described = tables.described(found, runtime.registry)
    writer.write(SCHEMA, [json.dumps(described, ensure_ascii=False, indent=2).encode()])


@contextmanager
def _one_moment(db: Database, tenant: Tenant) -> Iterator[Connection]:
    with db.connect(tenant.scope) as connection:
        for statement in _SNAPSHOT:
            connection.exec_driver_sql(statement)
        yield connection


def _write_files(runtime: Runtime, tenant: Tenant, writer: _Writer) -> None:
    prefix = key_of(tenant.id)
    for key in runtime.storage.list(prefix):
        with runtime.storage.open(key) as content:
            # Pictures, PDF and the like are compressed already.
            writer.write(file_part(key.removeprefix(f"{prefix}/")), _pieces(content), ZIP_STORED)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(PIECE):
        yield piece
