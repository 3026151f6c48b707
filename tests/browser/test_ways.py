"""The ways that people go, from their first click to the end, as they go them: in a browser."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from guildhall.console.onboarding import Order, onboard
from guildhall.core.identity import SYSTEM
from tests.browser.conftest import PHONE


@pytest.fixture
def deliver(run_jobs, mailbox) -> Callable[..., str]:
    """Let the house's mails go out, and read the newest to an address."""

    def newest(house, address: str) -> str:
        run_jobs(house)
        return mailbox.wait_for(address).text

    return newest


def go(page: Page, label: str | re.Pattern[str]) -> None:
    """Press the button that leads to another page, and be there."""
    with page.expect_navigation():
        page.get_by_role("button", name=label).first.click()


def refused(page: Page, label: str) -> None:
    """Press the button of a form that comes back."""
    with page.expect_response(lambda answer: answer.status == 422):
        page.get_by_role("button", name=label).first.click()


def test_a_member_comes_in_on_the_phone_with_a_code(open_page, tenant, make_person, deliver):
    make_person(email="wang@tea.example", name="Wang Hui")
    page = open_page(**PHONE, locale="en")
    page.goto(tenant.url("/sign-in"))
    page.locator("input:visible").first.fill("wang@tea.example")
    go(page, re.compile("code", re.IGNORECASE))
    code = re.search(r"\b\d{6}\b", deliver(tenant, "wang@tea.example")).group(0)
    page.locator("input[autocomplete=one-time-code]").fill(code)
    go(page, re.compile("Sign in|Continue"))
    page.goto(tenant.url("/me"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wang")


def test_a_secretary_takes_over_a_new_house(open_page, process, deliver):
    order = Order(
        name="Tea Chamber", slug="browser-tea", admin_email="sec@tea.example", admin_name="Shen Li", locale="en"
    )
    onboarded = onboard(process.runtime, process.tenants, order, SYSTEM)
    house = onboarded.tenant
    link = re.search(r"http://\S+/invitations/[\w-]+", deliver(house, "sec@tea.example")).group(0)
    page = open_page(locale="en")
    page.goto(link)
    for box in page.locator("input[type=checkbox]:visible").all():
        assert not box.is_checked(), "consent is given, never assumed"
        box.check()
    go(page, re.compile("Come in|Accept|Join|Continue"))
    page.goto(house.url("/admin"))
    expect(page.get_by_text("Set up your house")).to_be_visible()
    page.goto(house.url("/admin/settings/association"))
    page.get_by_label(re.compile("^Short name")).fill("Tea")
    go(page, "Save")
    expect(page.locator(".rail-head")).to_contain_text("Tea")


def test_the_vendor_onboards_with_the_wizard(open_page, runtime, make_staff_login):
    page = open_page(locale="en")
    make_staff_login(page)
    page.get_by_role("link", name="Onboard an association").first.click()
    page.get_by_label(re.compile("^Name of the association")).fill("Wizard Guild")
    page.get_by_label(re.compile("^Address")).fill("admin")
    refused(page, "Continue")
    expect(page.locator("#slug-error")).to_contain_text("reserved")
    page.get_by_label(re.compile("^Address")).fill("wizard-guild")
    go(page, "Continue")
    go(page, "Continue")
    page.get_by_label(re.compile("^E-mail")).fill("first@wizard.example")
    go(page, "Onboard")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wizard Guild")
    page.goto("http://wizard-guild.localhost:8000/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wizard Guild")


@pytest.fixture
def make_staff_login(runtime) -> Callable[[Page], None]:
    """From the link of the invitation through the demanded second factor into the console."""
    from guildhall.console.models import StaffRole
    from guildhall.console.staff import invite

    def sign_in(page: Page) -> None:
        with runtime.db.begin(runtime.platform) as session:
            _staff, secret = invite(session, "owner@vendor.example", "Owner", StaffRole.OWNER)
        page.goto(f"http://console.localhost:8000/set-up/{secret}")
        page.get_by_label(re.compile("New password")).fill("a long enough password")
        go(page, "Choose this password")
        page.get_by_label(re.compile("^E-mail")).fill("owner@vendor.example")
        page.get_by_label(re.compile("^Password")).fill("a long enough password")
        go(page, "Continue")
        key = re.search(r"\b[A-Z2-7]{32}\b", page.content()).group(0)
        page.get_by_label(re.compile("^Code")).fill(pyotp.TOTP(key).now())
        go(page, "Confirm and sign in")

    return sign_in


@pytest.fixture
def secretary_page(open_page, tenant, make_person, run_jobs, mailbox) -> Page:
    """A browser in which somebody with every permission is signed in, by the code from their mail."""
    make_person(email="sec@tea.example", name="Shen Li", roles=("admin",))
    page = open_page(locale="en")
    page.goto(tenant.url("/sign-in"))
    page.locator("input:visible").first.fill("sec@tea.example")
    go(page, re.compile("code", re.IGNORECASE))
    run_jobs(tenant)
    code = re.search(r"\b\d{6}\b", mailbox.wait_for("sec@tea.example").text).group(0)
    page.locator("input[autocomplete=one-time-code]").fill(code)
    go(page, re.compile("Sign in"))
    return page


def test_a_colleague_is_invited_with_a_role(secretary_page, tenant):
    page = secretary_page
    page.goto(tenant.url("/admin/people/invite"))
    page.get_by_label(re.compile("^Name")).fill("He Liping")
    page.get_by_label(re.compile("^E-mail")).fill("he@tea.example")
    page.get_by_label("Accountant").check()
    go(page, "Send the invitation")
    expect(page.get_by_role("heading", level=1)).to_contain_text("He Liping")
    expect(page.locator(".facts").first).to_contain_text("Accountant")


def test_a_secret_is_seen_the_one_time_that_it_is_shown(secretary_page, tenant):
    page = secretary_page
    page.goto(tenant.url("/admin/api/new"))
    page.get_by_label(re.compile("^Name")).fill("Accounting system")
    page.get_by_label(re.compile("^See people")).check()
    go(page, "Create")
    expect(page.get_by_label("API token", exact=True)).to_contain_text("ghk_")
    page.goto(tenant.url("/admin/webhooks/new"))
    page.get_by_label(re.compile("^Name")).fill("OA")
    page.get_by_label(re.compile("^Address")).fill("https://oa.example.com/hook")
    page.get_by_label(re.compile("^Somebody has joined")).check()
    go(page, "Save")
    expect(page.get_by_label("Signing secret", exact=True)).to_contain_text("whsec_")
