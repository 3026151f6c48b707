"""Switching modules on and off: requirements, plans, tables that are missing, rows that are removed."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from guildhall.core import audit
from guildhall.core.audit import AuditEntry
from guildhall.core.module import Category, Module
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from modules.files.enums import Visibility
from modules.files.models import File
from modules.files.public import PDF, store_bytes
from tenants.errors import AlwaysOn, ModuleInUse, ModuleNeeded, NotConfirmed, NotInPlan, UnknownModule
from tenants.events import history
from tenants.modules import switch_off, switch_on
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tenants.purge import purge_module
from tenants.registry import TenantRegistry

REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "stamps_0001"
down_revision = None
branch_labels = ("stamps",)

def upgrade() -> None:
    op.create_table("stamps_stamp", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("motif", sa.String()))
"""


class Stamps(DeclarativeBase):
    """A metadata of its own: these tables are nobody else's business."""


class Stamp(Stamps):
    __tablename__ = "stamps_stamp"

    id: Mapped[int] = mapped_column(primary_key=True)
    motif: Mapped[str | None]


def module(name, **options):
    given = {"package": "tests.tenants", "label": name.title(), "description": "", "icon": "star", "version": "1.0.0"}
    return Module(name=name, category=Category.BASE, **given | options)


def seed_stamps(session):
    session.execute(text("INSERT INTO stamps_stamp VALUES (1, 'dragon') ON CONFLICT DO NOTHING"))


@pytest.fixture
def collectors(process, tmp_path):
    """An installation beside the test's, with modules of a stamp collectors' club: albums require stamps."""
    (tmp_path / "0001.py").write_text(REVISION)
    stamps = module("stamps", models=(Stamp,), migrations=tmp_path, seed=seed_stamps)
    albums = module("albums", requires=("stamps",))
    runtime = Runtime.build(process.runtime.settings, Registry((*process.runtime.registry.modules, stamps, albums)))
    tenants = TenantRegistry(runtime, lambda plan, _module: plan != "starter")
    yield runtime, tenants
    tenants.close()
    runtime.close()


def stamps_in(runtime, tenant):
    with runtime.db.begin(tenant) as session:
        return session.execute(text("SELECT motif FROM stamps_stamp")).scalars().all()


def test_switching_on_brings_what_is_required_with_tables_and_first_rows(collectors, tenant):
    runtime, tenants = collectors
    switched = switch_on(runtime, tenants, tenant, "albums")
    assert {"albums", "stamps"} <= switched.modules
    assert tenants.by_id(tenant.id) == switched
    assert stamps_in(runtime, switched) == ["dragon"]
    assert dict(switched.revisions)["stamps"] == "stamps_0001"
    with runtime.db.begin(switched) as session:
        noted = session.scalars(select(AuditEntry.action).order_by(AuditEntry.number.desc())).first()
        assert noted == "tenants.module_on"
        assert audit.verify(session).intact
    with runtime.db.begin(runtime.platform) as session:
        assert session.scalars(history(tenant.id)).first().details == {"module": "albums"}


def test_off_keeps_the_rows_and_on_again_finds_them(collectors, tenant):
    runtime, tenants = collectors
    on = switch_on(runtime, tenants, tenant, "stamps")
    with runtime.db.begin(on) as session:
        session.execute(text("UPDATE stamps_stamp SET motif = 'phoenix'"))
    off = switch_off(runtime, tenants, on, "stamps")
    assert "stamps" not in off.modules
    assert stamps_in(runtime, switch_on(runtime, tenants, off, "stamps")) == ["phoenix"]


def test_a_module_that_another_needs_stays_on(collectors, tenant):
    runtime, tenants = collectors
    on = switch_on(runtime, tenants, tenant, "albums")
    with pytest.raises(ModuleNeeded) as needed:
        switch_off(runtime, tenants, on, "stamps")
    assert needed.value.params == {"label": "Albums"}


def test_what_cannot_be_switched(collectors, tenant):
    runtime, tenants = collectors
    with pytest.raises(AlwaysOn):
        switch_off(runtime, tenants, tenant, "accounts")
    with pytest.raises(UnknownModule):
        switch_on(runtime, tenants, tenant, "philately")
    with pytest.raises(NotInPlan):
        switch_on(runtime, tenants, replace(tenant, plan="starter"), "albums")
    assert tenants.by_id(tenant.id).modules == tenant.modules


def test_a_seed_that_fails_leaves_the_module_off(collectors, tenant, monkeypatch):
    runtime, tenants = collectors
    switch_off(runtime, tenants, switch_on(runtime, tenants, tenant, "stamps"), "stamps")

    def fail(_session):
        raise OSError("no stamps")

    broken = replace(runtime.registry.by_name["stamps"], seed=fail)
    monkeypatch.setitem(runtime.registry.by_name, "stamps", broken)
    others = tuple(m for m in runtime.registry.modules if m.name != "stamps")
    failing = Runtime.build(runtime.settings, Registry((*others, broken)))
    with pytest.raises(OSError, match="no stamps"):
        switch_on(failing, tenants, tenant, "stamps")
    failing.close()
    assert "stamps" not in tenants.by_id(tenant.id).modules


def test_purging_a_module_exports_and_empties_its_tables_alone(collectors, tenant, tmp_path):
    runtime, tenants = collectors
    on = switch_on(runtime, tenants, tenant, "stamps")
    with pytest.raises(ModuleInUse):
        purge_module(runtime, tenants, on, "stamps", confirmation="stamps", archive=tmp_path / "a.zip")
    off = switch_off(runtime, tenants, on, "stamps")
    with pytest.raises(NotConfirmed):
        purge_module(runtime, tenants, off, "stamps", confirmation="yes", archive=tmp_path / "a.zip")
    purged = purge_module(runtime, tenants, off, "stamps", confirmation="stamps", archive=tmp_path / "a.zip")
    assert (tmp_path / "a.zip").exists()
    assert stamps_in(runtime, purged) == []
    assert purged.revisions == off.revisions


def test_purging_a_module_removes_its_files_and_nobody_else_s(collectors, tenant, tmp_path, run_jobs):
    runtime, tenants = collectors
    off = switch_off(runtime, tenants, switch_on(runtime, tenants, tenant, "stamps"), "stamps")
    keys = {}
    with runtime.db.begin(off) as session:
        for purpose in ("stamps.picture", "stampsalbum.picture", "accounts.photo"):
            stored = store_bytes(
                session, runtime, b"%PDF", "stamp.pdf", PDF, purpose=purpose, visibility=Visibility.PRIVATE
            )
            keys[purpose] = stored.storage_key
    purged = purge_module(runtime, tenants, off, "stamps", confirmation="stamps", archive=tmp_path / "a.zip")
    run_jobs(purged)
    with runtime.db.begin(purged) as session:
        assert set(session.scalars(select(File.purpose))) == keys.keys() - {"stamps.picture"}
    left = set(runtime.storage.list(str(tenant.id)))
    assert {purpose for purpose, key in keys.items() if key in left} == keys.keys() - {"stamps.picture"}


def test_a_new_association_gets_all_tables_but_only_the_rows_of_what_is_on(collectors):
    runtime, tenants = collectors
    order = NewTenant(slug="stampless", profile=Profile(name="Stampless"))
    made = provision(runtime, tenants, order, lambda *_: None).tenant
    assert stamps_in(runtime, made) == []
