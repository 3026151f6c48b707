"""Bringing an association back from its archive: here or on another installation, always as a new association.

The whole is checked before anything is written; then schema, rows and registration come in one transaction.
"""

import hashlib
import json
import mimetypes
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection

from guildhall.core.db import UnitOfWork
from guildhall.core.db.scope import enter_statement
from guildhall.core.house import PLATFORM_SCOPE, Scope
from guildhall.core.identity import SYSTEM, Actor
from guildhall.core.ids import uuid7
from guildhall.core.module import Copying
from guildhall.core.runtime import Runtime
from guildhall.core.storage import key_of
from tenants import schemas
from tenants.archive import tables
from tenants.archive.export import PIECE, export_tenant
from tenants.archive.format import MANIFEST, SCHEMA, Manifest, key_of_part, table_part
from tenants.archive.settling import settle
from tenants.errors import ArchiveDamaged, ArchiveNeedsModules, ArchiveTooNew
from tenants.events import note
from tenants.models import TenantRow, TenantStatus
from tenants.profile import Profile
from tenants.provisioning import check_slug
from tenants.registry import Tenant, TenantRegistry, snapshot
from tenants.slugs import skeleton

LONGEST_MANIFEST = 64 * 1024 * 1024
# Hashed entries must stay as they are, also where they mention a file's key.
_NEVER_REWRITTEN = frozenset({"core_audit_entry"})
_OPEN = {TenantStatus.TRIAL, TenantStatus.ACTIVE, TenantStatus.PAST_DUE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    """How to restore.

    Attributes:
        name: another name for the association; empty keeps it.
        copying: whether the original lives on beside it. A clone that went on with its jobs would send its mails twice.
    """

    slug: str
    name: str = ""
    copying: Copying = Copying.RESTORED


@dataclass(frozen=True, slots=True)
class _Archive:
    """An archive that was found whole."""

    parts: ZipFile
    manifest: Manifest


def restore_tenant(
    runtime: Runtime, tenants: TenantRegistry, path: Path, wanted: Restoring, actor: Actor = SYSTEM
) -> Tenant:
    """Make a new association from an archive. Rows keep their ids, files move to the new association's keys, older
    tables are brought to the newest revisions, and one that was suspended or closed opens again.

    Raises:
        ArchiveDamaged: a part is missing, or not what the manifest says.
        ArchiveTooNew: its tables are of a later version than this installation.
        ArchiveNeedsModules: it has tables of modules that are not installed here.
        SlugInvalid, SlugReserved, SlugTaken
    """
    with _opened(path) as parts:
        archive = _Archive(parts, _checked(parts))
        _demand_known(runtime, archive.manifest)
        tenant_id = uuid7()
        try:
            with runtime.owner_db.begin(runtime.platform, actor) as session:
                check_slug(session, wanted.slug)
                session.connection().exec_driver_sql("SET LOCAL statement_timeout = 0")
                revisions = _fill(runtime, session.connection(), archive, tenant_id)
                row = _register(session, archive.manifest, wanted, tenant_id, revisions)
                _restore_files(runtime, parts, tenant_id)
                restored = snapshot(runtime, row)
                settle(session, restored, wanted.copying)
        except BaseException:
            runtime.storage.delete_all(key_of(tenant_id))
            raise
    tenants.changed(tenant_id)
    return restored


def clone_tenant(
    runtime: Runtime, tenants: TenantRegistry, tenant_id: UUID, wanted: Restoring, actor: Actor = SYSTEM
) -> Tenant:
    """A copy of an association under another slug; what the original acts and is entered by stays with it."""
    with tempfile.TemporaryDirectory(prefix="guildhall-clone-") as folder:
        path = Path(folder) / "clone.zip"
        export_tenant(runtime, tenant_id, path, actor)
        return restore_tenant(runtime, tenants, path, replace(wanted, copying=Copying.CLONED), actor)


def _opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except BadZipFile as error:
        raise ArchiveDamaged(part=path.name) from error


def _checked(archive: ZipFile) -> Manifest:
    """The manifest, after every part was found to be what it says."""
    names = archive.namelist()
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
        raise ArchiveDamaged(part=MANIFEST)
    manifest = Manifest.from_json(archive.read(MANIFEST))
    if sorted(names) != sorted([*manifest.parts, MANIFEST]):
        raise ArchiveDamaged(part=MANIFEST)
    for name, part in manifest.parts.items():
        if archive.getinfo(name).file_size != part.bytes or _digest(archive, name) != part.sha256:
            raise ArchiveDamaged(part=name)
    return manifest


def _digest(archive: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                digest.update(piece)
    except BadZipFile:
        return ""
    return digest.hexdigest()


def _demand_known(runtime: Runtime, manifest: Manifest) -> None:
    installed = {*runtime.registry.by_name, *schemas.scripts(runtime).branches}
    missing = {*manifest.revisions, *manifest.tenant["modules"]} - installed
    if missing:
        raise ArchiveNeedsModules(names=", ".join(sorted(missing)))
    try:
        schemas.pending(runtime, manifest.revisions)
    except LookupError as error:
        raise ArchiveTooNew from error


def _fill(runtime: Runtime, connection: Connection, archive: _Archive, tenant_id: UUID) -> dict[str, str]:
    """Build the schema as it was, fill it, and bring it to the newest revisions."""
    revisions = archive.manifest.revisions
    schemas.build(runtime, connection, tenant_id, at=revisions)
    schema = schemas.name_of(tenant_id)
    connection.exec_driver_sql(enter_statement(Scope(schema, None)))
    _fill_tables(connection, archive, tenant_id)
    connection.exec_driver_sql(enter_statement(PLATFORM_SCOPE))
    return schemas.upgrade(runtime, connection, schema, revisions)


def _fill_tables(connection: Connection, archive: _Archive, tenant_id: UUID) -> None:
    here = tables.tables(connection)
    described = json.loads(archive.parts.read(SCHEMA))
    if {table.name: set(table.column_names) for table in here} != {
        name: {column["name"] for column in table["columns"]} for name, table in described.items()
    }:
        raise ArchiveDamaged(part=SCHEMA)
    keys = tables.take_off_foreign_keys(connection)
    tables.empty(connection, here)
    for table in here:
        in_order = tuple(tables.Column(c["name"], c["type"], c["nullable"]) for c in described[table.name]["columns"])
        lines = _lines(archive, table.name, tenant_id)
        if tables.copy_in(connection, replace(table, columns=in_order), lines) != archive.manifest.tables[table.name]:
            raise ArchiveDamaged(part=table_part(table.name))
    tables.put_back_foreign_keys(connection, keys)


def _lines(archive: _Archive, table: str, tenant_id: UUID) -> Iterator[bytes]:
    """A table's CSV, with the keys of files moved to the new association."""
    before, after = f"{archive.manifest.tenant['id']}/".encode(), f"{tenant_id}/".encode()
    with archive.parts.open(table_part(table)) as part:
        for line in part:
            yield line if table in _NEVER_REWRITTEN else line.replace(before, after)


def _register(
    session: UnitOfWork, manifest: Manifest, wanted: Restoring, tenant_id: UUID, revisions: dict[str, str]
) -> TenantRow:
    said = manifest.tenant
    profile = Profile.from_json(said["profile"])
    logo = profile.logo.replace(f"{said['id']}/", f"{tenant_id}/")
    status = TenantStatus(said["status"])
    row = TenantRow(
        id=tenant_id,
        slug=wanted.slug,
        slug_skeleton=skeleton(wanted.slug),
        status=status if status in _OPEN else TenantStatus.ACTIVE,
        schema=schemas.name_of(tenant_id),
        revisions=revisions,
        modules=said["modules"],
        plan=said["plan"],
        template=said["template"],
        profile=replace(profile, logo=logo, name=wanted.name or profile.name).to_json(),
        hosts=[],
    )
    session.add(row)
    session.flush()
    note(session, row, "restored", former_id=said["id"], exported_at=manifest.exported_at)
    return row


def _restore_files(runtime: Runtime, parts: ZipFile, tenant_id: UUID) -> None:
    for name in parts.namelist():
        key = key_of_part(name)
        if key is not None:
            kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
            with parts.open(name) as content:
                runtime.storage.put(key_of(tenant_id, key), content, kind)
