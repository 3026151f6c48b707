"""The office and the front page, through HTTP."""

import pytest


@pytest.fixture
def admin(visit, make_person):
    return visit().sign_in(make_person(name="Chen Hua", roles=("admin",)))


@pytest.mark.parametrize("path", ["/", "/privacy", "/terms", "/offline", "/service-worker.js", "/manifest.webmanifest"])
def test_public(visit, path):
    assert visit().get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/admin",
        "/admin/modules",
        "/admin/settings",
        "/admin/settings/association",
        "/admin/settings/accounts",
        "/admin/settings/secretariat",
        "/admin/audit",
        "/-/search",
        "/-/search?q=aud",
    ],
)
def test_admin(admin, path):
    answer = admin.get(path)
    assert answer.status_code == 200, answer.text[:3000]
