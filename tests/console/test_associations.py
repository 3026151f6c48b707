"""What the vendor does with associations, and what the houses see of it."""

import re
from pathlib import Path

import pytest
from sqlalchemy import event, select

import tenants
from guildhall.console.labels import _EVENTS
from guildhall.core.audit import AuditEntry

_slugs = (f"wizard-{letter}" for letter in "bdfghjkmpqrt")


@pytest.fixture
def desk(sign_in, make_staff):
    return sign_in(make_staff())


def test_the_wizard_onboards(desk, visit, runtime, mailbox, run_jobs, process):
    slug = next(_slugs)
    first = {"name": "杭州丝绸商会", "slug": slug, "template": "chamber", "locale": "zh_Hans"}
    assert desk.post("/onboard/", first).headers["Location"] == "/onboard/offer"
    assert desk.post("/onboard/offer", {"plan": "trial"}).headers["Location"] == "/onboard/administrator"
    last = {"admin_name": "陆文", "admin_email": "lu@silk.example"}
    done = desk.post("/onboard/administrator", last)
    assert done.status_code == 302
    assert "杭州丝绸商会" in visit(f"{slug}.localhost").get("/").text
    tenant = process.tenants.by_slug(slug)
    run_jobs(tenant)
    mail = mailbox.wait_for("lu@silk.example")
    link = re.search(r"http://[^\s\"]+/invitations/\S+", mail.text).group(0)
    assert link.startswith(f"http://{slug}.localhost")


def test_a_taken_address_is_said_at_the_field(desk, tenant):
    given = {"name": "Other", "slug": tenant.slug, "template": "chamber", "locale": "en"}
    answer = desk.post("/onboard/", given)
    assert answer.status_code == 422
    assert 'id="slug-error"' in answer.text


def test_suspending_shows_a_notice_and_keeps_everything(desk, visit, tenant, make_person):
    make_person(email="kept@example.com")
    page = f"/associations/{tenant.id}/"
    assert desk.post(page + "suspend", {"reason": "The invoice is open"}, page=page).status_code == 302
    closed = visit().get("/")
    assert closed.status_code in {403, 503}
    assert "The invoice is open" not in closed.text
    assert desk.post(page + "resume", page=page).status_code == 302
    assert visit().get("/").status_code == 200


def test_a_changed_address_leads_on(desk, visit, tenant):
    slug = next(_slugs)
    page = f"/associations/{tenant.id}/"
    assert desk.post(page + "slug", {"slug": slug}, page=page).status_code == 302
    moved = visit().get("/sign-in?x=1")
    assert moved.status_code == 308
    assert moved.headers["Location"].startswith(f"http://{slug}.localhost:8000/sign-in")


def test_a_support_visit_is_seen_limited_and_logged(desk, visit, tenant, runtime, make_person):
    admin = make_person(roles=["admin"])
    page = f"/associations/{tenant.id}/"
    refused = desk.post(page + "support", {"reason": "short", "minutes": "30"}, page=page)
    assert refused.status_code == 422
    reason = "The import of members fails, ticket 4711"
    way = desk.post(page + "support", {"reason": reason, "minutes": "30"}, page=page).headers["Location"]
    visitor = visit()
    assert visitor.get(way.partition(".localhost:8000")[2]).headers["Location"] == "/admin/"
    assert reason in visitor.get("/admin", follow_redirects=True).text
    office = visit().sign_in(admin)
    seen = office.get("/admin/support")
    assert reason in seen.text
    end = re.search(r"/admin/support/[0-9a-f-]+/end", seen.text).group(0)
    assert office.post(end, page="/admin/support").status_code == 302
    assert visitor.get("/admin").status_code == 302
    with runtime.db.begin(tenant) as session:
        reasons = {entry.action: entry.reason for entry in session.scalars(select(AuditEntry))}
    assert reasons["support.entered"] == reason


def test_a_support_secret_of_one_house_is_nothing_in_another(desk, visit, tenant, make_tenant):
    page = f"/associations/{tenant.id}/"
    sent = {"reason": "The import of members fails", "minutes": "30"}
    way = desk.post(page + "support", sent, page=page).headers["Location"].partition(":8000")[2]
    assert visit(make_tenant(locale="en").host).get(way).status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(desk, make_tenant, runtime):
    def queries() -> int:
        seen = []

        def note(*_):
            seen.append(1)

        event.listen(runtime.db.engine, "before_cursor_execute", note)
        assert desk.get("/associations/?q=Counted").status_code == 200
        event.remove(runtime.db.engine, "before_cursor_execute", note)
        return len(seen)

    make_tenant("Counted one", locale="en")
    one = queries()
    make_tenant("Counted two", locale="en")
    make_tenant("Counted three", locale="en")
    assert queries() == one


def test_each_kind_of_event_has_words():
    sources = "".join(path.read_text() for path in Path(tenants.__file__).parent.rglob("*.py"))
    kinds = set(re.findall(r'(?:note|_note|_changed)\((?:runtime, )?session, row, "([a-z_]+)"', sources))
    kinds |= set(re.findall(r'(?:kind=|Step\()"([a-z_]+)"', sources))
    assert kinds, "the pattern finds nothing any more"
    assert kinds <= set(_EVENTS)
