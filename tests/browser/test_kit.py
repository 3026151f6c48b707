"""The kit of parts in a browser: what it does, and that everybody can use it, under the strict policy."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

PAGES = ["", "/layout/office", "/layout/portal", "/layout/public", "/layout/plain"]
WIDTHS = [390, 1440]
SHORT_LATIN = re.compile(
    r"CSV|Ctrl K|Excel|PNG|JPEG|MB|ICP|Esc|English|mm/dd/yyyy"
    r"|gh_live_\w+|lin@example\.org|office@|#?0e6b57|riverside"
)


MAKE_A_PASSKEY = """async () => {
    const text = (words) => new TextEncoder().encode(words);
    await navigator.credentials.create({ publicKey: {
        challenge: text('x'),
        rp: { id: 'localhost', name: 'x' },
        user: { id: text('u'), name: 'u', displayName: 'u' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required' },
    } });
    const button = document.querySelector('[data-passkey]');
    Object.assign(button.dataset, { optionsUrl: '/options', verifyUrl: '/verify' });
}"""


def serious(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:200]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_everybody_can_use_it_in_both_themes(page: Page, kit_url: str, path: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.goto(f"{kit_url}{path}?lang=en")
    assert serious(page) == []


@pytest.mark.parametrize(
    ("opener", "opened"),
    [
        ("[popovertarget=rail]", "#rail .rail-groups"),
        (".topbar [data-open=palette]:visible", "#palette [role=option]"),
        ("[data-open=kit-sheet]", "#kit-sheet .qr"),
        ("[data-open=kit-confirm]", "#kit-confirm-typed"),
        ("summary[aria-label^=Account]", ".menu[open] .menu-list"),
    ],
)
def test_everybody_can_use_what_opens_on_the_phone(page: Page, kit_url: str, opener: str, opened: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(kit_url)
    expect(page.locator("#palette input[data-htmx-powered]")).to_be_attached()
    page.locator(opener).click()
    if "palette" in opener:
        page.keyboard.type("r")
    expect(page.locator(opened).first).to_be_visible()
    assert serious(page) == []


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("path", PAGES)
def test_it_fits_a_phone_and_a_desk(page: Page, kit_url: str, path: str, language: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{kit_url}{path}?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_a_chinese_page_is_chinese_throughout(page: Page, kit_url: str, path: str) -> None:
    page.goto(f"{kit_url}{path}?lang=zh_Hans")
    assert page.get_attribute("html", "lang") == "zh-Hans"
    words = SHORT_LATIN.sub("", page.inner_text("body"))
    assert re.findall(r"[A-Za-z]{2,}", words) == []


def test_targets_are_large_enough_for_a_thumb(page: Page, kit_url: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{kit_url}/layout/portal")
    boxes = [box for control in page.locator("nav a:visible, .btn:visible").all() if (box := control.bounding_box())]
    assert boxes
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)


def test_sorting_fetches_the_list_and_keeps_the_address(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    page.get_by_role("link", name="Dues", exact=True).last.click()
    expect(page.locator("#members th[aria-sort=ascending]")).to_have_text("Dues")
    assert "sort=dues" in page.url
    page.check("#members tbody tr:first-child input")
    page.get_by_role("link", name="Dues", exact=True).last.click()
    expect(page.locator("#members th[aria-sort=descending]")).to_be_visible()
    expect(page.locator("#members-bulk")).to_be_hidden()


def test_bulk_actions_count_what_is_chosen_and_ask_first(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    expect(page.locator("#members-bulk")).to_be_hidden()
    page.check("#members thead input")
    expect(page.locator("#members-bulk strong")).to_have_text("5")
    page.get_by_role("button", name="Suspend").click()
    expect(page.locator("#confirm")).to_contain_text("These members lose access at once.")
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    expect(page.locator("#confirm")).to_be_hidden()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Suspend").click()
        page.click("#confirm-yes")
    assert (sent.value.post_data or "").count("ids=") == 5


def test_a_refused_form_comes_back_in_place_with_its_input(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    form = page.locator("#kit-form")
    form.locator("[name=name]").fill("Autumn salon")
    expect(form.locator(".unsaved")).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".field-error")).to_have_text("Give an address for questions.")
    expect(form.locator("[name=name]")).to_have_value("Autumn salon")
    expect(form.locator("[name=email]")).to_be_focused()
    expect(form.locator(".unsaved")).to_be_visible()


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('#kit-form').requestSubmit()")
    expect(page.locator("#kit-form .alert")).to_be_visible()
    assert len(sent) == 1


def test_changes_are_not_lost_without_a_word(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.click("#kit-form [name=name]")
    page.keyboard.type("x")
    page.goto(f"{kit_url}/layout/plain")
    assert asked == ["beforeunload"]


def test_a_chosen_file_is_named(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    zone = page.locator("#kit-form .drop-zone")
    expect(zone).to_have_text("Choose a file or drop it here", use_inner_text=True)
    zone.locator("input").set_input_files({"name": "poster.png", "mimeType": "image/png", "buffer": b"x"})
    expect(zone).to_have_text("poster.png", use_inner_text=True)


def test_danger_asks_for_the_name(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    page.click("[data-open=kit-confirm]")
    act = page.locator("#kit-confirm button[type=submit]")
    expect(act).to_be_disabled()
    page.fill("#kit-confirm-typed", "riversid")
    expect(act).to_be_disabled()
    page.fill("#kit-confirm-typed", "riverside")
    expect(act).to_be_enabled()


def test_the_palette_is_worked_from_the_keyboard(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    # The test types within milliseconds of the page's load; nobody else does.
    expect(page.locator("#palette input[data-htmx-powered]")).to_be_attached()
    page.keyboard.press("Control+k")
    page.keyboard.type("r")
    options = page.locator("#palette [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#$"))
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_progress_goes_on_by_itself_until_it_is_done(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    expect(page.locator("#progress .badge")).to_have_text("Finished", timeout=15_000)
    assert page.locator("#progress").get_attribute("hx-get") is None


def test_the_chosen_theme_is_there_before_the_first_paint(page: Page, kit_url: str) -> None:
    page.goto(kit_url)
    page.get_by_label("Account of Lin Yue").click()
    page.get_by_role("button", name="Dark").first.click()
    page.goto(f"{kit_url}/layout/public")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(22, 21, 19)"


def test_a_secret_is_copied(browser: Browser, kit_url: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(kit_url)
    page.locator(".secret button").click()
    expect(page.locator(".secret button")).to_have_text("Copied", use_inner_text=True)
    assert page.evaluate("navigator.clipboard.readText()").startswith("gh_live_")
    context.close()


def test_forms_lists_and_menus_work_without_scripts(browser: Browser, kit_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{kit_url}?lang=en")
    page.locator("#members .table-tools [name=q]").fill("tea")
    page.locator("#members .table-tools [name=q]").press("Enter")
    assert "q=tea" in page.url
    page.locator("#kit-form").get_by_role("button", name="Save").click()
    expect(page.locator("#kit-form .field-error").first).to_have_text("Give the event a name.")
    context.close()


def test_a_passkey_is_made_and_used(page: Page, kit_url: str) -> None:
    """Chromium's own virtual authenticator answers; the server's part is played by the test."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    challenge = {"challenge": "Y2hhbGxlbmdl", "rpId": "localhost", "allowCredentials": []}
    page.route("**/options", lambda route: route.fulfill(json=challenge))
    answers: list[dict[str, object]] = []

    def verify(route: object) -> None:
        answers.append(route.request.post_data_json)  # type: ignore[attr-defined]
        route.fulfill(json={"redirect": "/-/kit/layout/portal"})  # type: ignore[attr-defined]

    page.route("**/verify", verify)
    page.goto(kit_url.replace("127.0.0.1", "localhost") + "/layout/plain")
    page.evaluate(MAKE_A_PASSKEY)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/layout/portal")
    assert set(answers[0]["response"]) >= {"clientDataJSON", "authenticatorData", "signature"}  # type: ignore[call-overload]
