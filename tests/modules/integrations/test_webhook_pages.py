"""The secretariat's pages for webhooks."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from guildhall.core.webhooks.models import WebhookDelivery, WebhookEndpoint

NEW = {"name": "ERP", "url": "https://erp.example/hook", "facts": ["accounts.person_joined"]}


@pytest.fixture
def admin(visit, make_person):
    return visit().sign_in(make_person(roles=("admin",)))


@pytest.fixture
def endpoint(admin, runtime, tenant):
    assert admin.post("/admin/webhooks/new", NEW).status_code == 200
    with runtime.db.begin(tenant) as session:
        return session.scalars(select(WebhookEndpoint)).one()


@pytest.fixture
def path(endpoint):
    return f"/admin/webhooks/{endpoint.id}/"


def test_the_secret_is_shown_once(admin, runtime, tenant):
    page = BeautifulSoup(admin.post("/admin/webhooks/new", NEW).text, "html.parser")
    secret = page.select_one("[data-copy]").text
    assert secret.startswith("whsec_")
    assert page.select_one("a[href^='/admin/webhooks/0']")
    assert "ERP" in admin.get("/admin/webhooks/").text
    assert secret not in admin.get("/admin/webhooks/").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "http://erp.example/"), ("url", "https://10.0.0.1/"), ("url", ""), ("facts", []), ("name", "")],
)
def test_the_form_says_at_the_field_what_does_not_fit(admin, field, value):
    page = admin.post("/admin/webhooks/new", {**NEW, field: value})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text


def test_a_webhook_is_changed_and_switched_off(admin, path, runtime, tenant, endpoint):
    assert 'value="https://erp.example/hook"' in admin.get(f"{path}edit").text
    changed = {**NEW, "name": "ERP 2", "url": "https://erp.example/other"}
    assert admin.post(f"{path}edit", changed).status_code == 302
    with runtime.db.begin(tenant) as session:
        row = session.get_one(WebhookEndpoint, endpoint.id)
    assert (row.name, row.url, row.active) == ("ERP 2", "https://erp.example/other", False)
    assert admin.post(f"{path}ping", page=path).status_code == 422


def test_a_test_message_is_sent_and_read(admin, path, runtime, tenant, run_jobs, monkeypatch):
    from guildhall.core.egress import Egress

    def nowhere(_host, _port):
        raise OSError

    monkeypatch.setattr(runtime, "egress", Egress(resolve=nowhere))
    sent = admin.post(f"{path}ping", page=path)
    assert sent.status_code == 302
    run_jobs(tenant)
    page = admin.get(sent.location)
    assert "Test message" in page.text
    assert "This host name does not exist." in page.text
    assert "webhook.ping" in page.text
    assert sent.location in admin.get(path).text


def test_a_message_is_sent_again(admin, path, runtime, tenant, endpoint):
    admin.post(f"{path}ping", page=path)
    with runtime.db.begin(tenant) as session:
        row = session.scalars(select(WebhookDelivery)).one()
        row.state, row.next_at = "failed", None
    there = f"{path}deliveries/{row.id}/"
    assert f"{there}resend" in admin.get(there).text
    assert admin.post(f"{there}resend", page=there).status_code == 302
    with runtime.db.begin(tenant) as session:
        assert session.scalars(select(WebhookDelivery)).one().state == "waiting"


def test_a_message_is_read_under_its_own_webhook_alone(admin, path, runtime, tenant):
    first = admin.post(f"{path}ping", page=path).location.rstrip("/").rpartition("/")[2]
    admin.post("/admin/webhooks/new", NEW)
    with runtime.db.begin(tenant) as session:
        other = session.scalars(select(WebhookEndpoint.id).order_by(WebhookEndpoint.id.desc())).first()
    assert admin.get(f"/admin/webhooks/{other}/deliveries/{first}/").status_code == 404
    assert admin.get(f"{path}deliveries/00000000-0000-7000-8000-000000000000/").status_code == 404


def test_a_new_secret_and_the_end(admin, path, runtime, tenant, endpoint):
    page = admin.post(f"{path}secret", page=path)
    assert "whsec_" in page.text
    with runtime.db.begin(tenant) as session:
        assert session.get_one(WebhookEndpoint, endpoint.id).secret != endpoint.secret
    assert admin.post(f"{path}delete", page=path).status_code == 302
    assert admin.get(path).status_code == 404


def test_pages_speak_chinese(admin, path):
    for address in ("/admin/webhooks/", "/admin/webhooks/new", path, "/admin/api/", "/admin/api/new"):
        page = BeautifulSoup(admin.get(address, headers={"Accept-Language": "zh-CN"}).text, "html.parser")
        assert page.html["lang"] == "zh-Hans"
        assert any("一" <= character <= "鿿" for character in page.h1.text + page.main.text)
