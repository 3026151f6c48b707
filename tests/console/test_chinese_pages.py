"""No English is left on a Chinese page. Every page that needs no id is read, by everybody who may open it."""

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from guildhall.console.models import Staff
from guildhall.core.audit import AuditEntry
from guildhall.core.permissions import access_of
from guildhall.server.testing import Visitor
from tenants.models import TenantEvent, TenantRow

# Names, units, formats and abbreviations that a Chinese office writes in Latin letters too.
WRITTEN_SO = frozenset(
    [
        "api",
        "apis",
        "app",
        "bearer",
        "chacha",
        "cname",
        "cny",
        "code",
        "conformance",
        "csv",
        "dns",
        "documentation",
        "email",
        "english",
        "eur",
        "excel",
        "gbk",
        "get",
        "guildhall",
        "hkd",
        "html",
        "http",
        "https",
        "icp",
        "id",
        "idempotency",
        "ids",
        "ios",
        "ip",
        "iso",
        "jpeg",
        "json",
        "jpg",
        "kb",
        "key",
        "mb",
        "md",
        "oauth",
        "openapi",
        "patch",
        "pdf",
        "pin",
        "png",
        "post",
        "powerpoint",
        "problem",
        "qr",
        "rest",
        "rfc",
        "sgd",
        "sms",
        "sso",
        "stripe",
        "svg",
        "totp",
        "txt",
        "txts",
        "uri",
        "url",
        "usb",
        "usd",
        "utc",
        "utf",
        "uuid",
        "v1",
        "webhook",
        "webhooks",
        "webp",
        "wechat",
        "word",
        "wps",
        "xls",
        "xlsx",
        "yyyy",
        "zip",
        "delete",
        "head",
        "put",
        "authorization",
    ]
)
# Where codes stand, not words: what is between these tags is for machines or is somebody's own text.
MACHINE = ("code", "pre", "kbd", "script", "style", "svg", "option", "time", "samp")


def pages(door) -> list[str]:
    """Addresses without arguments that answer to GET."""
    found = []
    for rule, method in door.endpoints():
        access = access_of(door.view_functions[rule.endpoint], method)
        skipped = rule.rule.startswith(("/-/", "/api/")) or rule.endpoint.endswith((".export", ".download"))
        if method == "GET" and not rule.arguments and access and not skipped:
            found.append(rule.rule)
    return sorted(set(found))


def latin_words(html: str) -> set[str]:
    """Words of three Latin letters and more that a reader sees, but for addresses, hosts and names of files."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(MACHINE):
        tag.decompose()
    text = " ".join([soup.get_text(" "), *(t["placeholder"] for t in soup.find_all(placeholder=True))])
    text += " ".join(t["aria-label"] for t in soup.find_all(attrs={"aria-label": True}))
    text = re.sub(r"\S*[@/_.:-]\S*", " ", text)  # addresses, paths, codes
    return {word.lower() for word in re.findall(r"[A-Za-z]{3,}", text)} - WRITTEN_SO


@pytest.fixture(scope="module")
def chinese(make_tenant):
    return make_tenant("苏州市茶业商会", locale="zh_Hans")


@pytest.fixture(scope="module")
def read(doors, chinese, process, settings):
    """The words left on a page of a house, as its secretary-general."""
    from modules.accounts import public as accounts

    with process.runtime.db.begin(chinese) as session:
        person = accounts.create_person(
            session, "周明远", email="zhou@tea.example", status=accounts.PersonStatus.ACTIVE
        )
        accounts.assign_roles(session, person, accounts.roles_by_code(session, ["admin"]))
    visitor = Visitor(doors, chinese.host + settings.port_suffix)
    visitor.sign_in(person)

    def words(path: str) -> tuple[int, set[str]]:
        answer = visitor.get(path, headers={"Accept-Language": "zh-CN"}, follow_redirects=True)
        return answer.status_code, latin_words(answer.text) if answer.mimetype == "text/html" else set()

    return words


def test_the_search_finds_what_is_left():
    html = "<p>保存 Save <code>class</code> 邮箱 a@b.example</p><input placeholder='Search'>"
    assert latin_words(html) == {"save", "search"}


def test_pages_of_a_house(doors, read):
    left = {}
    paths = pages(doors.house)
    assert len(paths) > 30
    for path in paths:
        status, words = read(path)
        assert status < 500, path
        if words:
            left[path] = words
    assert left == {}


def test_pages_of_the_site(doors, visit, settings):
    left = {}
    for path in pages(doors.site):
        answer = visit(settings.base_host).get(path, headers={"Accept-Language": "zh-CN"})
        if words := latin_words(answer.text):
            left[path] = words
    assert left == {}


def test_pages_of_the_console(doors, sign_in, make_staff, tenant, runtime):
    console = sign_in(make_staff())
    data = _data_words(runtime)
    left = {}
    for path in [*pages(doors.console), f"/associations/{tenant.id}/"]:
        answer = console.get(path, headers={"Accept-Language": "zh-CN"}, follow_redirects=True)
        if words := latin_words(answer.text) - data:
            left[path] = words
    assert left == {}


def _data_words(runtime) -> set[str]:
    """What other tests on this platform wrote: names and reasons, in whatever language."""
    events = (TenantEvent.reason, TenantEvent.actor_label)
    entries = (AuditEntry.reason, AuditEntry.actor_label, AuditEntry.target_label)
    columns = (TenantRow.profile["name"].astext, Staff.name, *events, *entries)
    with runtime.db.begin(runtime.platform) as session:
        texts = [text for column in columns for text in session.scalars(select(column))]
    return {word.lower() for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)}
