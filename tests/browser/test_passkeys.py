"""Passkeys, with Chromium's virtual authenticator."""

import pytest

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(open_page, tenant, visit, make_person):
    """A browser with an authenticator, at the house, as a person who is signed in."""
    visitor = visit().sign_in(make_person(name="沈玉兰"))
    cookie = visitor.client.get_cookie("guildhall_house", domain=tenant.host).value
    page = open_page(locale="en")
    page.context.add_cookies([{"name": "guildhall_house", "value": cookie, "domain": tenant.host, "path": "/"}])
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_is_added_and_signs_in(page, tenant):
    page.goto(tenant.url("/me/security"))
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("Passkey of").wait_for()
    page.context.clear_cookies()
    page.goto(tenant.url("/sign-in"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(tenant.url("/me"))
    page.goto(tenant.url("/me/profile"))
    assert page.get_by_label("Name").first.input_value() == "沈玉兰"
