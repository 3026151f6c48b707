"""Every page of accounts answers, whatever is on it."""

import pytest
from sqlalchemy import select

from modules.accounts.models import Role

ANYBODY = ("/sign-in", "/sign-in/password", "/password")
MEMBER = (
    "/me/profile",
    "/me/address",
    "/me/security",
    "/me/security/password",
    "/me/security/totp",
    "/me/privacy",
    "/me/privacy/deletion",
)
ADMIN = (
    "/admin/people",
    "/admin/people?q=Person&status=active&sort=-last_seen_at&columns=phone,joined_at",
    "/admin/people/invite",
    "/admin/people/import",
    "/admin/people/deletions",
    "/admin/roles",
    "/admin/roles/new",
)


@pytest.mark.parametrize("path", ANYBODY)
def test_anybody_may_read(visit, path):
    assert visit().get(path).status_code == 200


@pytest.mark.parametrize("path", MEMBER)
def test_a_member_reads_their_own(visit, make_person, path):
    assert visit().get(path).location.startswith("/sign-in?next=")
    assert visit().sign_in(make_person()).get(path).status_code == 200


@pytest.mark.parametrize("path", ADMIN)
def test_the_secretariat_reads_and_a_member_does_not(visit, make_person, path):
    assert visit().sign_in(make_person()).get(path).status_code == 403
    assert visit().sign_in(make_person(roles=("admin",))).get(path).status_code == 200


@pytest.mark.parametrize("page", ["", "/edit", "/roles", "/suspend"])
def test_pages_of_a_person(visit, make_person, page):
    person = make_person(name="沈玉兰")
    answer = visit().sign_in(make_person(roles=("admin",))).get(f"/admin/people/{person.id}{page}")
    assert answer.status_code == 200
    assert "沈玉兰" in answer.text


def test_a_role_that_comes_with_the_product_can_be_read_and_copied(visit, make_person, session):
    officer = session.scalar(select(Role).where(Role.code == "officer"))
    visitor = visit().sign_in(make_person(roles=("admin",)))
    assert "Manage people" in visitor.get(f"/admin/roles/{officer.id}").text
    copy = visitor.soup(f"/admin/roles/new?from={officer.id}")
    assert copy.select_one('input[value="accounts:people:manage"]').has_attr("checked")
    assert not copy.select_one('input[value="accounts:roles:manage"]').has_attr("checked")
