"""The office: dashboard, audit log, search; the member's home."""

import io
from datetime import timedelta

import pytest
import python_calamine
import time_machine
from sqlalchemy import text

from guildhall.core import audit
from guildhall.core.clock import now
from guildhall.core.house import Scope


@pytest.fixture
def noted(session):
    """Three things that the system did, one of them to a row with an ugly name."""
    for action, label in (("a.first", "Zhang"), ("a.second", "Li"), ("b.third", "=HYPERLINK(1)")):
        audit.record(session, action, label=label)
    session.commit()


def test_the_checklist_counts_and_can_be_put_away(admin):
    page = admin.soup("/admin")
    assert page.select_one(".checklist")
    assert page.select_one("progress.setup-progress")["value"] == "1"
    admin.post("/admin/checklist/dismiss", page="/admin")
    assert admin.soup("/admin").select_one(".checklist") is None


def test_an_officer_sees_no_steps_and_no_log_that_are_not_theirs(visit, make_person):
    page = visit().sign_in(make_person(roles=("officer",))).soup("/admin")
    assert "Choose modules" not in page.text
    assert "/admin/audit" not in str(page)


def test_a_member_has_a_home_and_no_office(visit, make_person):
    visitor = visit().sign_in(make_person(name="Li Na"))
    page = visitor.soup("/me")
    assert "Li Na" in page.h1.text
    assert not page.select('a[href="/admin"]')
    assert visitor.get("/admin").status_code == 403
    assert visit().get("/me").status_code == 302


@pytest.mark.parametrize(
    ("utc", "greeting"), [("00:30", "Good morning"), ("06:00", "Good afternoon"), ("14:00", "Good evening")]
)
def test_the_greeting_follows_the_clock_of_the_place(visit, make_person, utc, greeting):
    visitor = visit().sign_in(make_person())
    tomorrow = (now() + timedelta(days=1)).date()
    with time_machine.travel(f"{tomorrow}T{utc}:00+00:00", tick=False):
        assert greeting in visitor.soup("/me").h1.text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("q=zhang", "Zhang", "Li"),
        ("action=a.second", "Li", "Zhang"),
        ("period=0", "Li", ""),
        ("actor=nobody", "", "Li"),
    ],
)
def test_the_log_is_narrowed_by_its_address(admin, noted, query, shown, hidden):
    rows = admin.soup(f"/admin/audit?{query}").select("tbody tr")
    labels = {cell.text for row in rows for cell in row.select("td:nth-of-type(2)")}
    assert not shown or shown in labels
    assert not hidden or hidden not in labels


def test_the_log_as_a_file_carries_no_formula(admin, noted):
    csv = admin.get("/admin/audit/export?format=csv").text
    assert "'=HYPERLINK(1)" in csv
    book = admin.get("/admin/audit/export?format=xlsx").data
    cells = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert "=HYPERLINK(1)" in [cell for row in cells for cell in row]
    assert admin.get("/admin/audit/export?format=exe").status_code == 404


def test_an_entry_has_a_page(admin, noted):
    assert "Zhang" in admin.soup("/admin/audit/1").text or "Zhang" in admin.get("/admin/audit?q=Zhang").text
    assert admin.get("/admin/audit/999999").status_code == 404


def test_tampering_shows(admin, noted, runtime, tenant):
    def verdict():
        return admin.post("/admin/audit/verify", page="/admin/audit", follow_redirects=True).text

    assert "are as they were written" in verdict()
    with runtime.owner_db.connect(Scope(tenant.scope.schema, None)) as connection:
        connection.execute(text("ALTER TABLE core_audit_entry DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE core_audit_entry SET target_label = 'Wang' WHERE number = 1"))
    assert "entry 1 does not fit" in verdict()


@pytest.mark.parametrize(
    ("query", "found"), [("audit", "/admin/audit"), ("headline", "/admin/settings/secretariat#headline")]
)
def test_search_goes_to_places_and_settings(admin, query, found):
    hits = admin.soup(f"/-/search?q={query}").select("a[role=option]")
    assert found in [hit["href"] for hit in hits]


@pytest.mark.parametrize("query", ["操作日志", "caozuo", "czrz"])
def test_search_understands_pinyin(visit, make_tenant, make_person, query):
    house = make_tenant(name="苏州市茶业商会")
    visitor = visit(house.host).sign_in(make_person(house, roles=("admin",)))
    hits = visitor.soup(f"/-/search?q={query}").select("a[role=option]")
    assert "/admin/audit" in [hit["href"] for hit in hits]


def test_search_shows_a_member_nothing_of_the_office(visit, make_person):
    visitor = visit().sign_in(make_person())
    for query in ("", "a", "set", "audit"):
        hits = visitor.soup(f"/-/search?q={query}").select("a[role=option]")
        assert not [hit["href"] for hit in hits if hit["href"].startswith("/admin")]
    assert visit().get("/-/search?q=a").status_code == 302
