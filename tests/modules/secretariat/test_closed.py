"""A suspended house: a notice for everybody, and nothing else."""

import pytest

from tenants.models import TenantRow, TenantStatus


@pytest.fixture
def suspend(process):
    def set_status(house, status=TenantStatus.SUSPENDED, notice="Please renew."):
        with process.runtime.db.begin(process.runtime.platform) as session:
            row = session.get_one(TenantRow, house.id)
            row.status, row.notice = status, notice
        process.tenants.changed(house.id)

    return set_status


@pytest.mark.parametrize("path", ["/", "/me", "/admin", "/sign-in", "/privacy", "/no-such-page", "/-/search"])
def test_everybody_sees_the_notice(visit, tenant, make_person, suspend, path):
    signed_in = visit().sign_in(make_person(roles=("admin",)))
    suspend(tenant)
    for visitor in (visit(), signed_in):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert "Please renew." in answer.text


def test_what_the_notice_is_made_of_still_comes(visit, tenant, suspend):
    suspend(tenant)
    page = visit().soup("/")
    for link in page.select("link[rel=stylesheet]"):
        assert visit().get(link["href"]).status_code == 200


def test_the_api_says_so_too(visit, tenant, suspend):
    suspend(tenant)
    answer = visit().get("/api/v1/people")
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert answer.json["code"] == "house_closed"


def test_others_stay_open_and_it_opens_again(visit, tenant, make_tenant, suspend):
    other = make_tenant()
    suspend(tenant)
    assert visit(other.host).get("/").status_code == 200
    suspend(tenant, TenantStatus.ACTIVE)
    assert visit().get("/").status_code == 200
