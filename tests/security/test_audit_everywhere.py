"""Everything that changes is in the audit log, and the log shows tampering."""

import re

import psycopg
import pyotp
import pytest
from psycopg import sql

from guildhall.console import staff as console_staff
from guildhall.console.models import StaffRole
from guildhall.core import audit
from modules.accounts import public as accounts
from modules.accounts.services.passwords import set_password
from tests.security.deeds import CONSOLE_DEEDS, CONSOLE_LEFT_OUT, DEEDS, LEFT_OUT, PASSWORD, Deed
from tests.security.world import SAFE, Home, routes


@pytest.fixture(scope="module")
def house_routes(world):
    return {str(route): route for route in routes(world.doors.house)}


def entries(superuser, home: Home) -> int:
    query = sql.SQL("SELECT count(*) FROM {}.core_audit_entry").format(sql.Identifier(home.tenant.scope.schema))
    return superuser.execute(query).fetchone()[0]


def verdict(world, home: Home) -> audit.Verdict:
    with world.runtime.db.unit(home.tenant) as session:
        return audit.verify(session)


def do(home: Home, route, deed: Deed):
    path, form = route.path(deed.argument(home)), deed.sent(home)
    if deed.who == "api":
        caller, path = home.caller(), path.removeprefix("/api/v1")
        etag = caller.get(path).headers.get("ETag", "")
        return caller.open(route.method, path, json=form, headers={"If-Match": etag} if route.method == "PATCH" else {})
    return home.visitor(deed.who).post(path, form, page=deed.page)


def test_every_way_to_change_something_is_tried_or_said_why_not(house_routes):
    unsafe = {name for name, route in house_routes.items() if route.method not in SAFE}
    tried = {deed.method_and_rule for deed in DEEDS}
    assert unsafe - tried - LEFT_OUT.keys() == set()
    assert (tried | LEFT_OUT.keys()) - unsafe == set()
    assert tried & LEFT_OUT.keys() == set()


def test_everything_that_changes_leaves_an_entry(world, house_routes, superuser):
    home, wrong = world.a, []
    for deed in DEEDS:
        before = entries(superuser, home)
        answer = do(home, house_routes[deed.method_and_rule], deed)
        if answer.status_code >= 400:
            wrong.append(f"{deed.method_and_rule}: {answer.status}")
        elif entries(superuser, home) == before:
            wrong.append(f"{deed.method_and_rule}: {answer.status}, and no entry")
    assert wrong == []
    found = verdict(world, home)
    assert found.intact
    assert found.entries >= len(DEEDS)


def test_signing_in_leaves_an_entry(world, superuser):
    home, member = world.b, world.b.people["member"]
    with world.runtime.db.begin(home.tenant) as session:
        set_password(session, session.get_one(accounts.Person, member.id), PASSWORD)
    for path, form in (
        (f"/password/{home.secrets['reset']}", {"password": f"{PASSWORD} again"}),
        ("/sign-in/password", {"address": member.email, "password": PASSWORD}),
    ):
        before, browser = entries(superuser, home), home.visitor()
        assert browser.post(path, form).status_code == 302
        assert entries(superuser, home) > before


def test_what_is_refused_leaves_nothing(world, superuser):
    admin, caller = world.b.visitor("admin"), world.b.caller()
    before = entries(superuser, world.b)
    assert admin.post("/admin/people/invite", {"name": ""}).status_code == 422
    assert caller.post("/people", {}).status_code == 422
    assert entries(superuser, world.b) == before


# --- the vendor's log ---


def vendors_entries(superuser) -> int:
    return superuser.execute("SELECT count(*) FROM platform.core_audit_entry").fetchone()[0]


def test_every_way_to_change_something_in_the_console_is_tried_or_said_why_not(world):
    unsafe = {str(route) for route in routes(world.doors.console) if route.method not in SAFE}
    assert unsafe == {deed.method_and_rule for deed in CONSOLE_DEEDS} | CONSOLE_LEFT_OUT.keys()


def test_everything_that_the_vendor_changes_leaves_an_entry(world, superuser):
    owner, home, wrong = world.console_visitor(StaffRole.OWNER), world.home(), []
    found, known = {str(route): route for route in routes(world.doors.console)}, world.vendor_argument(home)
    for deed in CONSOLE_DEEDS:
        before, path = vendors_entries(superuser) + entries(superuser, home), found[deed.method_and_rule].path(known)
        answer = owner.post(path, deed.sent(home), page="/")
        if answer.status_code >= 400:
            wrong.append(f"{deed.method_and_rule}: {answer.status}")
        elif vendors_entries(superuser) + entries(superuser, home) == before:
            wrong.append(f"{deed.method_and_rule}: {answer.status}, and no entry")
    assert wrong == []


def test_onboarding_leaves_an_entry(world, superuser):
    owner, before = world.console_visitor(StaffRole.OWNER), vendors_entries(superuser)
    owner.post("/onboard/", {"name": "Harbour", "slug": "calm-harbour", "template": "chamber", "locale": "en"})
    owner.post("/onboard/offer", {"plan": "trial"})
    answer = owner.post("/onboard/administrator", {"admin_name": "Li", "admin_email": "li@harbour.example"})
    assert answer.status_code < 400
    assert world.process.tenants.by_slug("calm-harbour")
    assert vendors_entries(superuser) > before


def test_a_new_member_of_the_staff_leaves_entries(world, superuser):
    with world.runtime.db.begin(world.runtime.platform) as session:
        secret = console_staff.invite(session, "he@vendor.example", "He Xin", StaffRole.VIEWER)[1]
    browser, seen = world.console_visitor(), [vendors_entries(superuser)]
    browser.post(f"/set-up/{secret}", {"password": PASSWORD})
    seen.append(vendors_entries(superuser))
    browser.post("/sign-in", {"email": "he@vendor.example", "password": PASSWORD})
    page = browser.get("/sign-in/second-factor").text
    code = pyotp.TOTP(re.search(r"\b[A-Z2-7]{32}\b", page).group()).now()
    assert browser.post("/sign-in/second-factor", {"code": code}).location == "/"
    seen.append(vendors_entries(superuser))
    assert seen[0] < seen[1] < seen[2]
    assert browser.get("/associations/").status_code == 200


# --- tampering ---


@pytest.fixture
def tampered(world, superuser):
    """Does something to the log behind the trigger's back; afterwards the log is as before."""
    schema = world.b.tenant.scope.schema
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(f'SET search_path = "{schema}"')
    superuser.execute("CREATE TEMP TABLE kept AS SELECT * FROM core_audit_entry")
    yield superuser.execute
    superuser.execute("TRUNCATE core_audit_entry")
    superuser.execute("INSERT INTO core_audit_entry SELECT * FROM kept")
    superuser.execute("DROP TABLE kept")
    superuser.execute("RESET session_replication_role")
    superuser.execute("RESET search_path")


# Entries from the fourth on move up by one, and one that nobody wrote takes the free place.
INSERTED = """
UPDATE core_audit_entry SET number = number + 1000 WHERE number > 3;
UPDATE core_audit_entry SET number = number - 999 WHERE number > 1000;
INSERT INTO core_audit_entry SELECT gen_random_uuid(), 4, at, actor_kind, actor_id, actor_label, 'made.up', target_type,
    target_id, target_label, changes, reason, address, request_id, hash, hash FROM kept WHERE number = 3
"""
ALTERATIONS = {
    "UPDATE core_audit_entry SET actor_label = 'somebody else' WHERE number = 3": 3,
    "UPDATE core_audit_entry SET at = at + interval '1 second' WHERE number = 2": 2,
    """UPDATE core_audit_entry SET changes = '{"a": 1}' WHERE number = 5""": 5,
    "DELETE FROM core_audit_entry WHERE number = 4": 4,
    "DELETE FROM core_audit_entry WHERE number = 1": 1,
    INSERTED: 4,
}


@pytest.mark.parametrize("statements", ALTERATIONS)
def test_an_altered_log_is_seen_at_the_right_entry(world, tampered, statements):
    assert verdict(world, world.b).intact
    for statement in statements.split(";"):
        tampered(statement)
    assert verdict(world, world.b).broken_at == ALTERATIONS[statements]


def test_a_log_whose_end_is_cut_off_is_seen(world, tampered, superuser):
    last = superuser.execute("SELECT max(number) FROM core_audit_entry").fetchone()[0]
    tampered(f"DELETE FROM core_audit_entry WHERE number > {last - 3}")
    assert verdict(world, world.b).broken_at == last - 2
    tampered("TRUNCATE core_audit_entry")
    assert verdict(world, world.b).broken_at == 1


def test_the_page_says_that_the_log_was_altered(world, tampered):
    tampered("UPDATE core_audit_entry SET reason = 'none' WHERE number = 2")
    page = world.b.visitor("admin").post("/admin/audit/verify", page="/me/profile", follow_redirects=True).text
    assert "entry 2 does not fit" in page


@pytest.mark.parametrize("role", ["app", "owner"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_audit_entry SET reason = 'x'", "DELETE FROM core_audit_entry", "TRUNCATE core_audit_entry"],
)
def test_the_log_is_only_appended_to(world, role, statement):
    settings, scope = world.runtime.settings, world.b.tenant.scope
    address = settings.database_url if role == "app" else settings.owner_database_url
    refused = (psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(address) as connection:
        if role == "app":
            connection.execute(f'SET LOCAL ROLE "{scope.role}"')
        connection.execute(f'SET LOCAL search_path = "{scope.schema}"')
        with pytest.raises(refused):
            connection.execute(statement)


def test_the_vendors_log_is_kept_the_same_way(world):
    with world.runtime.db.unit(world.runtime.platform) as session:
        assert audit.verify(session).intact
    with (
        pytest.raises(psycopg.errors.RestrictViolation),
        psycopg.connect(world.runtime.settings.database_url) as connection,
    ):
        connection.execute("UPDATE platform.core_audit_entry SET reason = 'x'")
