"""Export, restore, clone and purge, through the services that the command line calls."""

import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from guildhall.core import audit
from guildhall.core.jobs.models import JobRow, JobState
from guildhall.core.storage import key_of
from guildhall.core.webhooks.models import DeliveryState, WebhookDelivery, WebhookEndpoint
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import DATABASE, LocalStack
from guildhall.server.process import Process
from modules.accounts.enums import SignInMethod
from modules.accounts.models import Invitation, Person, SignInCode, SignInSession
from modules.accounts.services.codes import request_code
from modules.accounts.services.invitations import send_invitation
from modules.accounts.services.people import create_person
from modules.accounts.services.sessions import start_session
from modules.integrations.models import ApiToken
from tenants import lifecycle
from tenants.archive import Restoring, clone_tenant, export_tenant, restore_tenant
from tenants.errors import (
    ArchiveDamaged,
    ArchiveNeedsModules,
    ArchiveTooNew,
    ExportNeeded,
    NotAllowedNow,
    NotConfirmed,
    SlugTaken,
)
from tenants.models import TenantEvent, TenantRow
from tenants.purge import purge_tenant
from tests.tenants.conftest import hashes

CANARY = "canary-金丝雀-7f3a"
# What differs on purpose: the keys of files carry the association's id.
MOVED = {"core_job"}


@pytest.fixture
def archive(process, tenant, plant, tmp_path):
    plant(tenant, CANARY)
    path = tmp_path / "house.zip"
    export_tenant(process.runtime, tenant.id, path)
    return path


def schema_of(tenant):
    return tenant.scope.schema


def rewritten(path, target, change):
    """A copy of an archive with one part changed; the manifest as it was."""
    with ZipFile(path) as source, ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = change(name, source.read(name))
            if content is not None:
                copy.writestr(name, content)
    return target


def test_an_archive_explains_itself(archive, tenant):
    with ZipFile(archive) as parts:
        manifest = json.loads(parts.read("manifest.json"))
        described = json.loads(parts.read("schema.json"))
        assert "core_audit_entry" in parts.read("README.md").decode()
        assert manifest["tenant"]["slug"] == tenant.slug
        assert set(manifest["parts"]) == set(parts.namelist()) - {"manifest.json"}
        assert manifest["tables"]["core_job"] == 1
        header, *rows = parts.read("tables/core_job.csv").decode().splitlines()
        assert header.split(",") == [column["name"] for column in described["core_job"]["columns"]]
        assert CANARY in "".join(rows)
    people = {column["name"]: column for column in described["accounts_person"]["columns"]}
    assert people["email"]["personal"]
    assert described["accounts_person"]["holds"]


def test_restored_here_under_another_slug_every_row_is_the_same(process, archive, tenant, row_hashes):
    restored = restore_tenant(process.runtime, process.tenants, archive, Restoring(slug="second-life"))
    before, after = row_hashes(schema_of(tenant)), row_hashes(schema_of(restored))
    assert {name for name in before if before[name] != after[name]} == MOVED
    assert restored.modules == tenant.modules
    assert process.tenants.by_slug("second-life") == restored
    with process.runtime.db.begin(restored) as session:
        assert audit.verify(session).intact
        payload = session.scalars(select(JobRow.payload)).one()
    assert payload["text"] == f'{CANARY},"quoted"\nline\t\\N \\. {key_of(restored.id, "files", "canary.txt")}'
    assert (payload["empty"], payload["none"]) == ("", None)
    with process.runtime.storage.open(key_of(restored.id, "files", "canary.txt")) as content:
        assert content.read().decode() == CANARY


def test_a_restored_house_opens_and_can_be_written(process, doors, archive):
    restored = restore_tenant(process.runtime, process.tenants, archive, Restoring(slug="open-again", name="Anew"))
    assert restored.is_open
    assert restored.name == "Anew"
    with process.runtime.db.begin(restored) as session:
        audit.record(session, "test.after_restore")
    with process.runtime.db.begin(restored) as session:
        assert audit.verify(session).entries > 1


def test_one_is_restored_and_fifty_others_are_untouched(process, make_tenant, archive, superuser):
    others = [make_tenant() for _ in range(50)]
    before = {other.id: hashes(superuser, schema_of(other)) for other in others}
    restore_tenant(process.runtime, process.tenants, archive, Restoring(slug="only-this-one"))
    assert {other.id: hashes(superuser, schema_of(other)) for other in others} == before


def test_a_clone_leaves_pending_jobs_to_the_original(process, tenant, plant):
    plant(tenant, CANARY)
    clone = clone_tenant(process.runtime, process.tenants, tenant.id, Restoring(slug="twin-house"))
    for one, state in ((tenant, JobState.PENDING), (clone, JobState.CANCELLED)):
        with process.runtime.db.begin(one) as session:
            assert session.scalars(select(JobRow.state)).all() == [state]


@pytest.fixture
def entered(process, tenant):
    """Every way in and out that the original has, open."""
    with process.runtime.db.begin(tenant) as session:
        person = create_person(session, "沈玉兰", email="shen@example.com")
        send_invitation(session, person)
        request_code(session, "shen@example.com")
        start_session(session, person, SignInMethod.PASSWORD)
        session.add(ApiToken(person_id=person.id, name="till", fingerprint="f", prefix="ghk_", scopes=[]))
        endpoint = WebhookEndpoint(name="erp", url="https://erp.example.com", secret="s", facts=[])
        session.add(endpoint)
        session.flush()
        session.add(WebhookDelivery(endpoint_id=endpoint.id, fact="x", payload={}))
    return tenant


def ways_in(process, tenant):
    """How many sessions, codes, open invitations, tokens and endpoints there are that work."""
    with process.runtime.db.begin(tenant) as session:
        return [
            len(session.scalars(statement).all())
            for statement in (
                select(SignInSession),
                select(SignInCode),
                select(Invitation),
                select(ApiToken).where(ApiToken.revoked_at.is_(None)),
                select(WebhookEndpoint).where(WebhookEndpoint.active),
                select(WebhookDelivery).where(WebhookDelivery.state == DeliveryState.WAITING),
            )
        ]


def test_a_clone_keeps_no_way_into_or_out_of_the_original(process, entered):
    clone = clone_tenant(process.runtime, process.tenants, entered.id, Restoring(slug="no-way-in"))
    assert ways_in(process, entered) == [1, 1, 1, 1, 1, 1]
    assert ways_in(process, clone) == [0, 0, 0, 0, 0, 0]
    with process.runtime.db.begin(clone) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert "tenants.cloned" in session.scalars(select(audit.AuditEntry.action)).all()
        assert audit.verify(session).intact


def test_restored_in_its_own_place_it_keeps_all_but_the_sessions(process, entered, tmp_path):
    export_tenant(process.runtime, entered.id, tmp_path / "house.zip")
    restored = restore_tenant(process.runtime, process.tenants, tmp_path / "house.zip", Restoring(slug="moved-in"))
    assert ways_in(process, restored) == [0, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: content + b"x" if name == "tables/core_job.csv" else content,
        lambda name, content: None if name == "tables/core_job.csv" else content,
        lambda name, content: None if name == "manifest.json" else content,
        lambda name, content: b"[]" if name == "manifest.json" else content,
        lambda name, content: content.replace(b"files/files/canary.txt", b"files/../../canary.txt"),
        lambda name, content: content.replace(b'"core_job": 1', b'"core_job": 2'),
    ],
)
def test_a_damaged_archive_is_refused_and_nothing_is_made(process, archive, tmp_path, change, inventory):
    damaged = rewritten(archive, tmp_path / "damaged.zip", change)
    before = inventory()
    with pytest.raises(ArchiveDamaged):
        restore_tenant(process.runtime, process.tenants, damaged, Restoring(slug="damaged-goods"))
    assert inventory() == before


def test_no_archive_at_all(process, tmp_path):
    path = tmp_path / "text.zip"
    path.write_text("this is not a zip file")
    with pytest.raises(ArchiveDamaged):
        restore_tenant(process.runtime, process.tenants, path, Restoring(slug="not-a-zip"))


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        (b'"format": 1', b'"format": 2', ArchiveTooNew),
        (rb'"core": "core_\d+"', b'"core": "core_9999"', ArchiveTooNew),
        (rb'"modules": \[\]', b'"modules": ["philately"]', ArchiveNeedsModules),
    ],
)
def test_an_archive_that_this_installation_cannot_read(process, archive, tmp_path, before, after, error):
    def change(name, content):
        return re.sub(before, after, content) if name == "manifest.json" else content

    with pytest.raises(error):
        restore_tenant(
            process.runtime,
            process.tenants,
            rewritten(archive, tmp_path / "new.zip", change),
            Restoring(slug="too-new"),
        )


def test_a_taken_slug_leaves_no_file_behind(process, archive, tenant):
    stored = set(process.runtime.storage.list(""))
    with pytest.raises(SlugTaken):
        restore_tenant(process.runtime, process.tenants, archive, Restoring(slug=tenant.slug))
    assert set(process.runtime.storage.list("")) == stored


def test_a_failed_export_leaves_no_file_under_its_name(process, tenant, tmp_path, monkeypatch):
    process.runtime.storage.put(key_of(tenant.id, "broken"), BytesIO(b"x"), "text/plain")
    monkeypatch.setattr(type(process.runtime.storage), "open", lambda *_: (_ for _ in ()).throw(OSError("disk")))
    with pytest.raises(OSError, match="disk"):
        export_tenant(process.runtime, tenant.id, tmp_path / "half.zip")
    assert not (tmp_path / "half.zip").exists()


def test_purging_demands_closure_the_slug_and_a_fresh_export(process, tenant, tmp_path):
    runtime, tenants = process.runtime, process.tenants
    with pytest.raises(NotAllowedNow):
        purge_tenant(runtime, tenants, tenant.id, tenant.slug)
    lifecycle.close(runtime, tenants, tenant, "leaves")
    with pytest.raises(NotConfirmed):
        purge_tenant(runtime, tenants, tenant.id, "something else")
    with pytest.raises(ExportNeeded):
        purge_tenant(runtime, tenants, tenant.id, tenant.slug)
    export_tenant(runtime, tenant.id, tmp_path / "last.zip")
    with runtime.db.begin(runtime.platform) as session:
        mine = update(TenantEvent).where(TenantEvent.tenant_id == tenant.id, TenantEvent.kind == "exported")
        session.execute(mine.values(at=TenantEvent.at - timedelta(days=2)))
    with pytest.raises(ExportNeeded):
        purge_tenant(runtime, tenants, tenant.id, tenant.slug)
    assert process.tenants.by_slug(tenant.slug) is not None


def test_exported_purged_and_restored_on_another_installation(
    process, make_tenant, plant, superuser, tmp_path, tmp_path_factory
):
    canary = "canary-not-in-any-other-test"
    tenant = make_tenant(f"Chamber {canary}", introduction=canary)
    plant(tenant, canary)
    path = tmp_path / "leaving.zip"
    lifecycle.close(process.runtime, process.tenants, tenant, f"because {canary}")
    export_tenant(process.runtime, tenant.id, path)
    before = hashes(superuser, schema_of(tenant))
    assert found_canaries(process, superuser, schema_of(tenant), canary) != []
    purge_tenant(process.runtime, process.tenants, tenant.id, tenant.slug)
    purge_tenant(process.runtime, process.tenants, tenant.id, tenant.slug)  # once more finishes what was left
    assert process.tenants.by_slug(tenant.slug) is None
    assert found_canaries(process, superuser, schema_of(tenant), canary) == []
    with LocalStack(tmp_path_factory.mktemp("elsewhere"), fsync=False) as stack:
        elsewhere = installation(stack, process)
        restored = restore_tenant(elsewhere.runtime, elsewhere.tenants, path, Restoring(slug="new-home"))
        with superuser_of(stack) as there:
            after = hashes(there, schema_of(restored))
        elsewhere.close()
    assert {name for name in before if before[name] != after[name]} == MOVED
    assert restored.is_open
    assert restored.name == tenant.name
    shutil.rmtree(stack.folder)


def installation(stack, process):
    settings = replace(
        process.runtime.settings,
        database_url=stack.environment["GUILDHALL_DATABASE_URL"],
        owner_database_url=stack.environment["GUILDHALL_OWNER_DATABASE_URL"],
        redis_url=stack.environment["GUILDHALL_REDIS_URL"],
        storage_path=stack.environment["GUILDHALL_STORAGE_PATH"],
    )
    elsewhere = Process.of(settings)
    prepare(stack, elsewhere.runtime)
    return elsewhere


def superuser_of(stack):
    import psycopg

    return psycopg.connect(stack.postgres.url(database=DATABASE), autocommit=True)


def found_canaries(process, superuser, schema, canary):
    """Everywhere that a purged association could have left something."""
    runtime, found = process.runtime, []
    if superuser.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone():
        found.append("schema")
    if superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema]).fetchone():
        found.append("role")
    for (table,) in superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'platform'").fetchall():
        if superuser.execute(f"SELECT 1 FROM platform.{table} t WHERE t::text LIKE %s", [f"%{canary}%"]).fetchone():
            found.append(table)
    for key in runtime.storage.list(""):
        with runtime.storage.open(key) as content:
            found += [key] if canary.encode() in content.read() else []
    values = {key: runtime.redis.dump(key) for key in runtime.redis.scan_iter()}
    return found + [key for key, value in values.items() if canary.encode() in (value or b"")]


def test_a_purged_association_frees_its_slug_and_keeps_its_id(process, tenant, tmp_path, superuser):
    runtime, tenants = process.runtime, process.tenants
    lifecycle.close(runtime, tenants, tenant, "leaves")
    export_tenant(runtime, tenant.id, tmp_path / "last.zip")
    purge_tenant(runtime, tenants, tenant.id, tenant.slug)
    with runtime.db.begin(runtime.platform) as session:
        row = session.get_one(TenantRow, tenant.id)
    assert row.status == "purged"
    assert row.hosts == []
    assert tenant.slug not in (row.slug, row.slug_skeleton)
    restored = restore_tenant(runtime, tenants, tmp_path / "last.zip", Restoring(slug=tenant.slug))
    assert tenants.by_slug(tenant.slug) == restored
