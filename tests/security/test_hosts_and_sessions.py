"""Hosts, sessions, forms and limits: what an attacker can send and must get nothing for."""

import re
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import pyotp
import pytest
from sqlalchemy import event
from werkzeug.test import Client

import guildhall
import modules
from guildhall.console import staff as console_staff
from guildhall.console.models import Staff, StaffRole
from guildhall.console.pages import sign_in as console_sign_in
from guildhall.core.db import PlatformBase
from guildhall.core.permissions import AccessKind, access_of, is_signed_by_link
from guildhall.core.ratelimit import Limit
from guildhall.server.testing import Visitor
from modules.accounts import limits
from modules.accounts import public as accounts
from modules.accounts.services.passwords import set_password
from modules.accounts.services.totp import confirm_totp
from tests.security.test_nothing_crosses import contents
from tests.security.world import SAFE, cookie_of, routes

PASSWORD = "a long walk by the canal"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of an authenticator app


@pytest.fixture(autouse=True)
def _fresh_limits(world):
    world.runtime.redis.flushdb()


@pytest.fixture(scope="module")
def a(world):
    home = world.a
    with world.runtime.db.begin(home.tenant) as session:
        for role in ("admin", "member"):
            set_password(session, session.get_one(accounts.Person, home.people[role].id), PASSWORD)
    return home


@pytest.fixture(scope="module")
def owner(world):
    """The vendor's owner, with password and second factor."""
    with world.runtime.db.begin(world.runtime.platform) as session:
        staff = session.get_one(Staff, world.staff[StaffRole.OWNER].id)
        console_staff.set_up(session, staff, PASSWORD)
        staff.totp_secret = world.runtime.vault.encrypt(SECRET)
    return staff


def sign_in_by_password(browser, address, password=PASSWORD, path="/sign-in/password"):
    return browser.post(path, {"address": address, "password": password})


# --- hosts ---

NOBODYS_HOSTS = (
    "{host}.", "{host}, {other}", "{host},{other}", "user@{host}", "user:pass@{host}", "{host}@{other}", "[::1]",
    "[::1]:8000", "127.0.0.1", "", " ", "{host} ", "{host}/", "{host}/x", "{host}#", "{host}?", "{host}\\", "{host}:",
    "{host}:x", "{host}:123456", "苏州.localhost", "xn--0trs9d.localhost", "{host}.evil.example", "evil.example",
    "evil-{host}", "a.{host}", ".{host}", "-{host}", "{host}%00", "{host}%2eevil.example", "platform.localhost",
    "_.localhost",
)  # fmt: skip


@pytest.mark.parametrize("pattern", NOBODYS_HOSTS)
def test_a_host_that_is_nobodys_meets_no_association(world, a, pattern):
    host, entered = pattern.format(host=a.tenant.host, other=world.b.tenant.host), []

    def note(connection):
        entered.append(connection.get_execution_options()["scope"].schema)

    event.listen(world.runtime.db.engine, "begin", note)
    try:
        answer = Client(world.doors).get("/", headers={"Host": host.encode().decode("latin-1")})
    finally:
        event.remove(world.runtime.db.engine, "begin", note)
    assert answer.status_code == 404
    assert set(entered) <= {"platform"}  # whose host it is may be asked; no house is entered
    assert a.canary not in answer.text


@pytest.mark.parametrize("pattern", ["{host}", "{host}:8000", "{host}:1", "{HOST}", "{HOST}:8000"])
def test_a_hosts_case_and_port_do_not_matter(world, a, pattern):
    host = pattern.format(host=a.tenant.host, HOST=a.tenant.host.upper())
    assert a.canary in Client(world.doors).get("/", headers={"Host": host}).text


def test_what_else_names_a_host_is_not_heard(world, a):
    names = ("X-Forwarded-Host", "X-Host", "X-Original-Host", "X-Forwarded-Server", "Forwarded", "X-HTTP-Host-Override")
    for name in names:
        value = f"host={world.b.tenant.host}" if name == "Forwarded" else world.b.tenant.host
        page = a.visitor().get("/", headers={name: value}).text
        assert a.canary in page, name
        assert world.b.canary not in page, name


def test_an_absolute_address_in_the_request_line_changes_nothing(world, a):
    answer = a.visitor().get(f"/http://{world.b.host}/")
    assert answer.status_code == 404
    assert world.b.canary not in answer.text


def test_links_in_mails_are_of_the_stored_domain(world, a, mailbox, run_jobs):
    member = a.people["member"]
    forged = {
        "Host": f"{a.tenant.host.upper()}:6666",
        "X-Forwarded-Host": "evil.example",
        "Origin": "http://evil.example",
    }
    browser = a.visitor()
    browser.post("/password", {"address": member.email}, headers=forged)
    admin = a.visitor("admin")
    admin.post("/admin/people/invite", {"name": "Li", "email": "li@new.example", "locale": "en"}, headers=forged)
    run_jobs(a.tenant)
    mails = [mail for mail in mailbox.messages() if {member.email, "li@new.example"} & set(mail.recipients)]
    assert len(mails) == 2
    for mail in mails:
        links = re.findall(r"https?://[^\s\"'<>]+", mail.text)
        assert links
        assert {urlsplit(link).netloc for link in links} == {a.host}


# --- where `next` leads ---

ELSEWHERE = (
    "//evil.example", "//evil.example/%2e%2e", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "///evil.example", "https://evil.example", "https:evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "http:///evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    " //evil.example", "\x00//evil.example", "/\r\nSet-Cookie: a=b", "%2f%2fevil.example", "/%09/evil.example",
    "/%5cevil.example", "/.//evil.example", "//evil.example@{host}", "http://{host}@evil.example",
    "//evil.example#{host}", "ftp://evil.example", "evil.example", "@evil.example", ".evil.example",
)  # fmt: skip


def leads_to(answer, host) -> str:
    """The host that a browser would go to: it reads a backslash as a slash, and drops tabs and line ends."""
    location = re.sub(r"[\t\r\n]", "", answer.headers["Location"]).strip().replace("\\", "/")
    return urlsplit(urljoin(f"http://{host}/sign-in", location)).netloc


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_leads_nowhere_else(world, a, target):
    given = quote(target.format(host=a.host), safe="")
    console, house = world.console_visitor(), a.visitor("member")
    for browser, path in (
        (house, "/sign-in?next="),
        (house, "/-/language/en?next="),
        (console, "/-/language/en?next="),
        (world.site_visitor(), "/-/language/en?next="),
    ):
        answer = browser.get(path + given)
        assert answer.status_code == 302
        assert leads_to(answer, browser.host) == browser.host, path
        assert "a=b" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https:evil.example", "/associations/"])
def test_next_of_the_console_stays_there(world, owner, target):
    browser = world.console_visitor()
    page = f"/sign-in?next={quote(target)}"
    assert browser.post(page, {"email": owner.email, "password": PASSWORD}).status_code == 302
    with world.runtime.db.begin(world.runtime.platform) as session:
        session.get_one(Staff, owner.id).totp_step = 0
    code = pyotp.TOTP(SECRET).now()
    answer = browser.post("/sign-in/code", {"code": code})
    assert leads_to(answer, browser.host) == browser.host
    assert answer.location == (target if target == "/associations/" else "/")


def test_every_view_that_reads_next_is_tried_here():
    """`next` is read in these files; a new reader belongs into the tests above."""
    folders = [Path(folder) for package in (guildhall, modules) for folder in package.__path__]
    reads = re.compile(r"args(\.get\(|\[)[\"']next[\"']")
    readers = {file.name for folder in folders for file in folder.rglob("*.py") if reads.search(file.read_text())}
    assert readers == {"language.py", "sign_in.py", "site.py"}


# --- sessions ---


def test_signing_in_begins_another_session(world, a):
    browser, member = a.visitor(), a.people["member"]
    token, before = browser.token("/sign-in/password"), cookie_of(browser, world.doors.house)
    assert sign_in_by_password(browser, member.email).location == "/me"
    after = cookie_of(browser, world.doors.house)
    assert after != before
    assert browser.get("/me").status_code == 200
    assert browser.token("/me/profile") != token
    assert browser.open("POST", "/sign-out", data={"csrf_token": token}).status_code == 400
    attacker = a.visitor()
    hold(attacker, world.doors.house, before)
    assert attacker.get("/me").status_code == 302


def test_each_sign_in_has_a_secret_of_its_own(world, a):
    kept = set()
    for _ in range(2):
        browser = a.visitor()
        sign_in_by_password(browser, a.people["member"].email)
        kept.add(cookie_of(browser, world.doors.house))
    assert len(kept) == 2


def test_signing_out_ends_the_session_in_the_house_too(world, a):
    browser, stolen = a.visitor("member"), a.visitor()
    hold(stolen, world.doors.house, cookie_of(browser, world.doors.house))
    assert stolen.get("/me").status_code == 200
    assert browser.post("/sign-out", page="/me/profile").status_code == 302
    assert stolen.get("/me").status_code == 302


def test_a_new_password_ends_the_other_sessions(a):
    mine, other = a.visitor("admin"), a.visitor("admin")
    form = {"current": PASSWORD, "password": "another long walk by the canal"}
    assert mine.post("/me/security/password", form).status_code == 302
    assert mine.get("/me").status_code == 200
    assert other.get("/me").status_code == 302


def test_the_console_begins_another_session_after_each_step(world, owner):
    browser = world.console_visitor()
    browser.token("/sign-in")
    seen = [cookie_of(browser, world.doors.console)]
    browser.post("/sign-in", {"email": owner.email, "password": PASSWORD})
    seen.append(cookie_of(browser, world.doors.console))
    assert browser.get("/associations/").status_code == 302  # a password alone opens nothing
    with world.runtime.db.begin(world.runtime.platform) as session:
        session.get_one(Staff, owner.id).totp_step = 0
    browser.post("/sign-in/code", {"code": pyotp.TOTP(SECRET).now()})
    seen.append(cookie_of(browser, world.doors.console))
    assert len(set(seen)) == 3
    assert browser.get("/associations/").status_code == 200
    for earlier in seen[:2]:
        attacker = world.console_visitor()
        hold(attacker, world.doors.console, earlier)
        assert attacker.get("/associations/").status_code == 302


def test_cookies_of_house_and_console_mean_nothing_to_each_other(world, a):
    house, console = world.doors.house, world.doors.console
    of_house, of_console = (
        cookie_of(a.visitor("admin"), house),
        cookie_of(world.console_visitor(StaffRole.OWNER), console),
    )
    at_house, at_console = a.visitor(), world.console_visitor()
    hold(at_house, house, of_console)
    hold(at_console, console, of_house)
    assert at_house.get("/admin").status_code == 302
    assert at_console.get("/associations/").status_code == 302


def hold(browser, door, value):
    """Put a session cookie into a browser."""
    domain = browser.host.partition(":")[0]
    browser.client.set_cookie(door.config["SESSION_COOKIE_NAME"], value, domain=domain)


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(a):
    answer = a.visitor().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


# --- forms ---


def test_no_form_is_taken_without_its_token(world, a, superuser):
    admin, vendor = a.visitor("admin"), world.console_visitor(StaffRole.OWNER)
    known_to_vendor, taken = world.vendor_argument(a), []
    before = (contents(superuser, a), platform_rows(superuser))
    for door, browser, known in (
        (world.doors.house, admin, a.argument),
        (world.doors.console, vendor, known_to_vendor),
        (world.doors.site, world.site_visitor(), known_to_vendor),
    ):
        page = {"house": "/me/profile", "console": "/", "site": "/trial"}[door.kind]
        browser.token(page)
        others = {"house": a.visitor(), "console": world.console_visitor(), "site": world.site_visitor()}[door.kind]
        foreign = others.token({"house": "/sign-in", "console": "/sign-in", "site": "/trial"}[door.kind])
        assert foreign
        for route in routes(door):
            if route.method in SAFE or route.is_api or is_signed_by_link(door.view_functions[route.endpoint]):
                continue
            for token in ("", "made-up", foreign):
                answer = browser.open(route.method, route.path(known), data={"csrf_token": token} if token else {})
                if answer.status_code != 400:
                    taken.append(f"{door.kind} {route} {token or 'without'}: {answer.status}")
    assert taken == []
    assert (contents(superuser, a), platform_rows(superuser)) == before


def platform_rows(superuser) -> dict[str, list]:
    names = [table.fullname for table in PlatformBase.metadata.sorted_tables]
    return {name: superuser.execute(f"SELECT t::text FROM {name} t ORDER BY 1").fetchall() for name in names}


def test_the_api_hears_no_cookie(world, a):
    admin, opened = a.visitor("admin"), []
    for route in routes(world.doors.house):
        access = access_of(world.doors.house.view_functions[route.endpoint], route.method)
        if route.is_api and access.kind is not AccessKind.PUBLIC:
            answer = admin.open(route.method, route.path(a.argument), json={})
            if answer.status_code != 401:
                opened.append(str(route))
    assert opened == []


# --- limits ---

FEW = {
    "subject": {"subject": 2, "address": 99, "house": 99, "everybody": 99},
    "address": {"subject": 99, "address": 2, "house": 99, "everybody": 99},
    "house": {"subject": 99, "address": 99, "house": 2, "everybody": 99},
    "everybody": {"subject": 99, "address": 99, "house": 99, "everybody": 2},
}
# The same subject each time, or another one; from the same network address, or another.
TRIES = {
    "subject": lambda n: ("li@a.example", f"10.0.0.{n}"),
    "address": lambda n: (f"li{n}@a.example", "10.0.0.1"),
    "house": lambda n: (f"li{n}@a.example", f"10.0.0.{n}"),
    "everybody": lambda n: (f"li{n}@a.example", f"10.0.0.{n}"),
}


@pytest.mark.parametrize("kind", FEW)
@pytest.mark.parametrize(
    ("limit", "path", "form"),
    [("CODES", "/sign-in", {}), ("GUESSES", "/sign-in/password", {"password": "wrong"}), ("RESETS", "/password", {})],
)
def test_ways_into_a_house_are_limited(a, monkeypatch, kind, limit, path, form):
    monkeypatch.setattr(limits, limit, limits.Attempts("test", **FEW[kind]))
    codes, browser = [], a.visitor()
    token = browser.token(path)
    for number in range(3):
        typed, address = TRIES[kind](number)
        data = {"csrf_token": token, "address": typed, **form}
        codes.append(browser.open("POST", path, data=data, environ_overrides={"REMOTE_ADDR": address}).status_code)
    assert codes[2] == 429
    assert 429 not in codes[:2]


def test_guesses_of_codes_and_passkeys_are_limited(world, a, monkeypatch):
    monkeypatch.setattr(limits, "GUESSES", limits.Attempts("test", **FEW["subject"]))
    browser = a.visitor()
    browser.post("/sign-in", {"address": a.people["member"].email})
    assert [browser.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(3)] == [422, 422, 429]
    token = browser.token("/sign-in")
    tried = [browser.open("POST", "/passkeys/sign-in", json={}, headers={"X-CSRFToken": token}) for _ in range(3)]
    assert [answer.status_code for answer in tried] == [422, 422, 429]


def test_guesses_of_the_second_step_are_limited(world, a, monkeypatch):
    editor = a.people["editor"]
    with world.runtime.db.begin(a.tenant) as session:
        person = session.get_one(accounts.Person, editor.id)
        set_password(session, person, PASSWORD)
        confirm_totp(session, world.runtime.vault, person, SECRET, pyotp.TOTP(SECRET).now())
    browser = a.visitor()
    assert sign_in_by_password(browser, editor.email).location == "/sign-in/totp"
    assert browser.get("/me").status_code == 302  # the first proof alone opens nothing
    monkeypatch.setattr(limits, "GUESSES", limits.Attempts("test", **FEW["subject"]))
    assert [browser.post("/sign-in/totp", {"code": "000000"}).status_code for _ in range(3)] == [422, 422, 429]


@pytest.mark.parametrize("limit", ["BY_ACCOUNT", "BY_ADDRESS", "BY_ALL"])
def test_the_way_into_the_console_is_limited(world, monkeypatch, limit):
    monkeypatch.setattr(console_sign_in, limit, Limit("test", 2, 900))
    kind = {"BY_ACCOUNT": "subject", "BY_ADDRESS": "address", "BY_ALL": "everybody"}[limit]
    browser, codes = world.console_visitor(), []
    token = browser.token("/sign-in")
    for number in range(3):
        typed, address = TRIES[kind](number)
        data = {"csrf_token": token, "email": typed, "password": "wrong"}
        codes.append(
            browser.open("POST", "/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address}).status_code
        )
    assert codes[2] == 429
    assert 429 not in codes[:2]


def test_guesses_of_the_consoles_code_are_limited(world, owner, monkeypatch):
    browser = world.console_visitor()
    browser.post("/sign-in", {"email": owner.email, "password": PASSWORD})
    world.runtime.redis.flushdb()
    monkeypatch.setattr(console_sign_in, "BY_ACCOUNT", Limit("test", 2, 900))
    assert [browser.post("/sign-in/code", {"code": "000000"}).status_code for _ in range(3)] == [422, 422, 429]


def test_nobody_learns_who_is_known(world, a, owner):
    """The same answer for a known and an unknown address, but for the address itself and what is random."""

    def asked(browser: Visitor, path: str, form: dict) -> tuple:
        answer = browser.post(path, form)
        text = re.sub(r'content="[^"]+"|value="[^"]*"|nonce-\S+|[0-9a-f]{8}-[0-9a-f-]{27}', "", answer.text)
        typed = next(value for name, value in form.items() if name != "password")
        return answer.status_code, answer.location, text.replace(typed, "").replace(quote(typed), "")

    known, unknown = a.people["member"].email, "nobody@nowhere.example"
    for path, rest in (("/sign-in", {}), ("/sign-in/password", {"password": "wrong"}), ("/password", {})):
        answers = [asked(a.visitor(), path, {"address": address, **rest}) for address in (known, unknown)]
        assert answers[0] == answers[1], path
    answers = [
        asked(world.console_visitor(), "/sign-in", {"email": email, "password": "wrong"})
        for email in (owner.email, unknown)
    ]
    assert answers[0] == answers[1]


# --- what every answer carries, and what must not be there ---


def test_every_kind_of_page_is_locked_down(world, a):
    admin, member = a.visitor("admin"), a.visitor("member")
    file_id = a.planted.row("files_file")
    pages = {
        "home": a.visitor().get("/"),
        "sign-in": a.visitor().get("/sign-in"),
        "portal": member.get("/me"),
        "office": admin.get("/admin"),
        "not found": admin.get("/nothing"),
        "forbidden": member.get("/admin"),
        "redirect": a.visitor().get("/admin"),
        "form refused": admin.open("POST", "/me/profile", data={}),
        "not allowed": admin.open("DELETE", "/"),
        "file": admin.get(f"/files/{file_id}/x.txt"),
        "picture": a.visitor().get("/-/icons/1/seal.svg"),
        "manifest": a.visitor().get("/manifest.webmanifest"),
        "api": a.caller().get("/me"),
        "api problem": a.visitor().get("/api/v1/me"),
        "reference": a.visitor().get("/api/v1/docs"),
        "console": world.console_visitor(StaffRole.OWNER).get("/"),
        "console sign-in": world.console_visitor().get("/sign-in"),
        "site": world.site_visitor().get("/"),
        "nobody's host": Client(world.doors).get("/", headers={"Host": "nobody.example"}),
    }
    for kind, answer in pages.items():
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'", kind
        assert "unsafe" not in policy.get("script-src", ""), kind
        assert "*" not in answer.headers["Content-Security-Policy"], kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert "Server" not in answer.headers, kind
    for kind in pages.keys() - {"nobody's host"}:
        assert pages[kind].headers["X-Frame-Options"] == "DENY", kind
        assert pages[kind].headers["Referrer-Policy"] == "strict-origin-when-cross-origin", kind
    for kind in ("portal", "office", "console"):
        assert pages[kind].headers["Cache-Control"] == "no-store", kind


def test_there_are_no_one_click_doors(world, a):
    from guildhall.server.demo.doors import open_doors

    doors = (world.doors.site, world.doors.console, world.doors.house)
    assert not [
        rule for door in doors for rule in door.url_map.iter_rules() if "/demo" in rule.rule or "/kit" in rule.rule
    ]
    assert a.visitor().get("/-/demo/secretary").status_code == 404
    assert world.console_visitor().get("/-/demo/vendor").status_code == 404
    with pytest.raises(RuntimeError):
        open_doors(*doors)
