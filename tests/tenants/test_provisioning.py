"""Onboarding through its public way in."""

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from guildhall.core.db.engine import NoScopeError
from guildhall.core.jobs.models import JobRow
from tenants.errors import SlugReserved, SlugTaken
from tenants.models import TenantRow
from tenants.profile import Profile
from tenants.provisioning import NewTenant, build_spare, provision


def order(slug):
    return NewTenant(slug=slug, profile=Profile(name="Chamber"))


def test_a_house_of_its_own(process, make_tenant):
    first, second = make_tenant(), make_tenant()
    with process.runtime.db.begin(first) as session:
        session.add(JobRow(name="x", payload={}))
    with process.runtime.db.begin(second) as session:
        assert session.scalars(select(JobRow)).all() == []


def test_the_database_refuses_another_schema(process, make_tenant):
    first, second = make_tenant(), make_tenant()
    with process.runtime.db.begin(first) as session, pytest.raises(ProgrammingError) as refused:
        session.execute(text(f'SELECT 1 FROM "{second.scope.schema}".core_job'))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_no_transaction_without_a_house(process):
    with pytest.raises(NoScopeError), process.runtime.db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))


def test_the_platform_sees_no_tenant_table(process):
    with process.runtime.db.begin(process.runtime.platform) as session, pytest.raises(ProgrammingError):
        session.execute(text("SELECT 1 FROM accounts_person"))


def test_look_alike_slugs_are_refused_with_a_suggestion(process):
    provision(process.runtime, process.tenants, order("nanjing-silk"), lambda *_: None)
    with pytest.raises(SlugTaken) as taken:
        provision(process.runtime, process.tenants, order("nanj1ng-silk"), lambda *_: None)
    assert "slug" in taken.value.fields
    with pytest.raises(SlugReserved):
        provision(process.runtime, process.tenants, order("admin"), lambda *_: None)


def test_a_failing_furnishing_leaves_nothing(process):
    build_spare(process.runtime)

    def fail(*_):
        raise OSError

    with pytest.raises(OSError):
        provision(process.runtime, process.tenants, order("half-made"), fail)
    with process.runtime.db.begin(process.runtime.platform) as session:
        assert session.scalar(select(TenantRow).where(TenantRow.slug == "half-made")) is None
    assert provision(process.runtime, process.tenants, order("half-made"), lambda *_: None).from_spare
