"""The module catalogue, and the settings that modules declare."""

import pytest
from sqlalchemy import select

from guildhall.core.audit import AuditEntry
from guildhall.core.config import SettingValue
from tests.modules.secretariat.conftest import FRONT_PAGE

SETTINGS = {"seats": "12", "secret": "", "mode": "open", "contact": ""}


def state_of(visitor, name):
    return visitor.soup("/admin/modules").select_one(f"#{name} .badge").text


@pytest.fixture
def with_tearoom(wider_admin):
    assert wider_admin.post("/admin/modules/tearoom/on", page="/admin/modules").status_code == 302
    return wider_admin


def test_on_with_what_it_needs_and_off_in_order(wider_admin, session):
    assert state_of(wider_admin, "kitchen") == "Switched off"
    assert "Tea room" in wider_admin.soup("/admin/modules").select_one("#kitchen").text
    wider_admin.post("/admin/modules/kitchen/on", page="/admin/modules")
    assert [state_of(wider_admin, name) for name in ("kitchen", "tearoom")] == ["Switched on", "Switched on"]
    refused = wider_admin.post("/admin/modules/tearoom/off", page="/admin/modules")
    assert refused.status_code == 422
    assert "Kitchen" in refused.text
    for name in ("kitchen", "tearoom"):
        assert wider_admin.post(f"/admin/modules/{name}/off", page="/admin/modules").status_code == 302
    assert state_of(wider_admin, "tearoom") == "Switched off"
    noted = session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("tenants.module")))
    assert sorted(noted) == ["tenants.module_off", "tenants.module_off", "tenants.module_on"]


def test_what_is_part_of_every_house_stays(wider_admin):
    assert state_of(wider_admin, "accounts") == "Always on"
    assert wider_admin.post("/admin/modules/accounts/off", page="/admin/modules").status_code == 422
    assert wider_admin.post("/admin/modules/no_such/on", page="/admin/modules").status_code == 422


def test_a_module_s_front_page_takes_the_place_of_the_plain_one(with_tearoom):
    assert with_tearoom.get("/").text == FRONT_PAGE


def test_settings_of_a_module_that_is_off_are_not_there(wider_admin):
    assert wider_admin.get("/admin/settings/tearoom").status_code == 404


def test_settings_are_typed_kept_and_set_back(with_tearoom):
    path = "/admin/settings/tearoom"
    assert with_tearoom.soup(path).select_one("#seats")["value"] == "8"
    assert with_tearoom.post(path, SETTINGS).status_code == 302
    assert with_tearoom.soup(path).select_one("#seats")["value"] == "12"
    with_tearoom.post(f"{path}/reset", page=path)
    assert with_tearoom.soup(path).select_one("#seats")["value"] == "8"


@pytest.mark.parametrize(
    ("key", "value"), [("seats", "21"), ("seats", "many"), ("mode", "ajar"), ("contact", "nobody")]
)
def test_a_setting_that_does_not_fit_is_refused(with_tearoom, session, key, value):
    answer = with_tearoom.post("/admin/settings/tearoom", SETTINGS | {key: value})
    assert answer.status_code == 422
    assert f'id="{key}-error"' in answer.text
    assert session.scalars(select(SettingValue)).all() == []


def test_a_secret_is_stored_encrypted_never_shown_and_can_be_forgotten(with_tearoom, session):
    path, secret = "/admin/settings/tearoom", "open sesame"
    with_tearoom.post(path, SETTINGS | {"secret": secret})
    stored = session.get_one(SettingValue, ("tearoom", "secret"))
    assert secret not in str(stored.value)
    assert secret not in with_tearoom.get(path).text
    with_tearoom.post(path, SETTINGS | {"seats": "9"})
    session.expire_all()
    assert session.get(SettingValue, ("tearoom", "secret")) is not None
    with_tearoom.post(f"{path}/reset", {"key": "secret"}, page=path)
    session.expire_all()
    assert session.get(SettingValue, ("tearoom", "secret")) is None
    assert session.get_one(SettingValue, ("tearoom", "seats")).value == 9
    assert secret not in str([entry.changes for entry in session.scalars(select(AuditEntry))])
