"""A module that somebody else wrote, seen from an association that was there before it was installed.

`test_module_kit` lays this file among the tests of a generated module and runs it where that module is installed.
"""

import io
import json
import zipfile

import pytest
from sqlalchemy import inspect

from billing.plans import includes
from guildhall.core.house import Scope
from guildhall.core.jobs.models import JobState
from guildhall.core.jobs.queue import enqueue
from guildhall.core.registry import Registry
from guildhall.core.runtime import Runtime
from tenants.modules import switch_off, switch_on
from tenants.profile import Profile
from tenants.provisioning import NewTenant, provision
from tenants.registry import TenantRegistry

NAME = "parking"
TABLE = "parking_suggestion"
PAGES = ("/parking", "/me/parking", "/admin/parking", "/api/v1/parking/suggestions")


@pytest.fixture
def tenant(process, settings):
    """Onboarded by a process that does not know the module."""
    others = [module for module in process.runtime.registry.modules if module.name != NAME]
    runtime = Runtime.build(settings, Registry.of(others))
    order = NewTenant(slug="older-house", profile=Profile(name="Older House", locale="en"))
    furnished = [module.seed for module in others if module.always_on and module.seed]
    made = provision(runtime, TenantRegistry(runtime, includes), order, lambda s, _: [seed(s) for seed in furnished])
    runtime.close()
    return made.tenant


def has_table(runtime, tenant):
    with runtime.owner_db.connect(Scope(tenant.scope.schema, None)) as connection:
        return inspect(connection).has_table(TABLE, schema=tenant.scope.schema)


def statuses(visitor, headers):
    return {page: visitor.get(page, headers=headers if "/api/" in page else {}).status_code for page in PAGES}


def exported(visitor):
    """The module's part of what the person downloads."""
    archive = visitor.post("/me/privacy/download", page="/me/privacy").data
    return json.loads(zipfile.ZipFile(io.BytesIO(archive)).read(f"{NAME}.json"))


def forget_answered(runtime, house, run_jobs):
    with runtime.db.begin(house) as session:
        enqueue(session, runtime.registry.jobs[f"{NAME}.forget_answered"][1])
    return run_jobs(house)


def test_on_off_and_on_again(process, tenant, visit, make_person, make_token, run_jobs):
    runtime, tenants = process.runtime, process.tenants
    member, admin = make_person(), make_person(roles=("admin",))
    phone, office = visit().sign_in(member), visit().sign_in(admin)
    key = {"Authorization": f"Bearer {make_token(admin, *(p for p in runtime.registry.permissions if NAME in p))}"}
    nothing, everything = dict.fromkeys(PAGES, 404), dict.fromkeys(PAGES, 200)
    assert not has_table(runtime, tenant)
    assert statuses(office, key) == nothing

    house = switch_on(runtime, tenants, tenant, NAME)
    assert has_table(runtime, house)
    assert statuses(office, key) == everything
    assert phone.get("/admin/parking").status_code == 403

    given = {"subject": "A roof", "text": "It rains on the bicycles."}
    assert phone.post("/me/parking", given).status_code == 303
    assert [row["subject"] for row in office.get(PAGES[3], headers=key).json["data"]] == ["A roof"]
    words = {"introduction": "Tell us where it is narrow.", "keep_days": "30"}
    assert office.post("/admin/settings/parking", words).status_code == 302
    assert words["introduction"] in visit().get("/parking").text
    assert exported(phone)["suggestions"][0]["subject"] == "A roof"
    assert JobState.DONE in forget_answered(runtime, house, run_jobs)

    house = switch_off(runtime, tenants, house, NAME)
    assert statuses(office, key) == nothing
    assert office.get("/admin/settings/parking").status_code == 404
    assert "/admin/parking" not in office.get("/admin").text
    assert JobState.SKIPPED in forget_answered(runtime, house, run_jobs)
    assert has_table(runtime, house)

    switch_on(runtime, tenants, house, NAME)
    assert "A roof" in office.get("/admin/parking").text
    assert words["introduction"] in visit().get("/parking").text
