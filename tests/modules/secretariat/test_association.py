"""The association's profile through its page."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from guildhall.core.audit import AuditEntry

PATH = "/admin/settings/association"
VALID = {
    "name": "Tea Chamber",
    "short_name": "Tea",
    "introduction": "We speak for tea.",
    "colour": "#1F6F54",
    "locales": ["en", "zh_Hans"],
    "locale": "en",
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
    "contact_email": "office@tea.example",
    "contact_phone": "0512-6522 1234",
    "address": "1 Tea Street",
    "icp": "",
}


def picture(kind="JPEG", size=(900, 300)):
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, kind)
    return content.getvalue()


def test_what_is_saved_is_seen_at_once(admin, visit, session):
    answer = admin.post(PATH, VALID)
    assert answer.status_code == 302, answer.text
    page = visit().soup("/")
    assert page.h1.text == "Tea Chamber"
    assert "We speak for tea." in page.text
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "tenants.profile_changed"))
    assert entry.actor_label == "Chen Hua"
    assert entry.changes["name"] == ["Test Chamber", "Tea Chamber"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("short_name", "x" * 17),
        ("introduction", "x" * 2001),
        ("colour", "red"),
        ("locale", "fr"),
        ("timezone", "Mars/Olympus"),
        ("currency", "XXXX"),
        ("contact_email", "nobody"),
        ("contact_phone", "call me"),
        ("locales", []),
    ],
)
def test_what_does_not_fit_is_said_at_the_field(admin, visit, field, value):
    answer = admin.post(PATH, VALID | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "We speak for tea." in answer.text or field == "introduction"
    assert visit().soup("/").h1.text == "Test Chamber"


def test_the_first_language_must_be_among_the_pages_languages(admin):
    answer = admin.post(PATH, VALID | {"locales": ["zh_Hans"]})
    assert answer.status_code == 422
    assert 'id="locale-error"' in answer.text


def test_a_logo_is_made_anew_and_removed_again(admin, visit, tenant, runtime):
    answer = admin.post(PATH, VALID | {"logo": (io.BytesIO(picture()), "logo.jpg")})
    assert answer.status_code == 302, answer.text
    address = visit().soup("/").select_one("img.logo")["src"]
    logo = visit().get(address)
    assert logo.mimetype == "image/png"
    with Image.open(io.BytesIO(logo.data)) as shown:
        assert shown.size == (512, 171)
    assert len([*runtime.storage.list(f"{tenant.id}/brand")]) == 1
    assert admin.post(PATH, VALID | {"remove_logo": "y"}).status_code == 302
    assert [*runtime.storage.list(f"{tenant.id}/brand")] == []
    assert visit().get(address).status_code == 404


@pytest.mark.parametrize("content", [b"MZ no picture", b"<svg onload='x()'/>", picture("PNG")[:200]])
def test_no_picture_is_no_logo(admin, runtime, tenant, content):
    answer = admin.post(PATH, VALID | {"logo": (io.BytesIO(content), "logo.png")})
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert [*runtime.storage.list(f"{tenant.id}/brand")] == []


def test_the_preview_shows_contrast_and_refuses_what_is_no_colour(admin):
    preview = admin.get(f"{PATH}/colour", query_string={"colour": "#1F6F54"})
    assert preview.text.count("<svg") == 2
    assert "<svg" not in admin.get(f"{PATH}/colour", query_string={"colour": '"><script>'}).text


def test_others_may_not(visit, make_person):
    assert visit().get(PATH).status_code == 302
    for role in ("member", "officer"):
        visitor = visit().sign_in(make_person(roles=(role,)))
        assert visitor.get(PATH).status_code == 403
        assert visitor.post(PATH, VALID, page="/me").status_code == 403
