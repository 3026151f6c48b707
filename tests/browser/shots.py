"""`make shots`: the main pages as people see them, in both languages and widths, light and dark, into build/shots.

`python -m tests.browser.shots desk en` takes those of a desk in English alone.
"""

import shutil
import sys
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from guildhall.core.settings import Settings
from guildhall.server.demo.plant import steps
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack
from guildhall.server.process import Process
from guildhall.server.wsgi import Doors
from tenants.lifecycle import suspend

FOLDER = Path("build/shots")
SITE, CONSOLE = "http://localhost:8000", "http://console.localhost:8000"
HOUSE, SUSPENDED = "http://suzhou-tea.localhost:8000", "http://delta-manufacturing.localhost:8000"
SECRETARY, MEMBER, VENDOR = f"{HOUSE}/-/demo/secretary", f"{HOUSE}/-/demo/member", f"{CONSOLE}/-/demo/vendor"


@dataclass(frozen=True)
class Shot:
    """A page, the door by which one comes in, and what is done there first: a selector is pressed, a pair filled in."""

    address: str
    door: str | None = None
    then: tuple[str | tuple[str, str], ...] = ()


def _office(path: str, *then: str | tuple[str, str]) -> Shot:
    return Shot(f"{HOUSE}/admin{path}", SECRETARY, then)


def _portal(path: str, *then: str | tuple[str, str]) -> Shot:
    return Shot(f"{HOUSE}/me{path}", MEMBER, then)


def _vendor(path: str) -> Shot:
    return Shot(f"{CONSOLE}{path}", VENDOR)


ROW, SAVE, FIRST_BOX = ".row-link >> nth=0", ".form .btn-primary", ".form .checkbox >> nth=0"
SOMEBODY = ".row-link:not(:has-text('周明远')) >> nth=0"
LIST = "姓名,手机,单位\n王建华,13812345678,姑苏食品有限公司\n李秀英,13900,运河物流有限公司"
HOOK = (("#name", "OA"), ("#url", "https://oa.example.com/hook"), FIRST_BOX, SAVE)

SHOTS = {
    "office-documents": _office("/documents"),
    "office-document": _office("/documents/terms"),
    "me-proof": _portal("/security/proof"),
    "site-start": Shot(f"{SITE}/"),
    "site-product": Shot(f"{SITE}/product"),
    "site-trial": Shot(f"{SITE}/trial"),
    "kit": Shot(f"{SITE}/-/kit"),
    "house-home": Shot(f"{HOUSE}/"),
    "house-privacy": Shot(f"{HOUSE}/privacy"),
    "house-terms": Shot(f"{HOUSE}/terms"),
    "house-offline": Shot(f"{HOUSE}/offline"),
    "house-not-found": Shot(f"{HOUSE}/nothing"),
    "house-suspended": Shot(f"{SUSPENDED}/"),
    "house-sign-in": Shot(f"{HOUSE}/sign-in"),
    "house-sign-in-refused": Shot(f"{HOUSE}/sign-in", then=(SAVE,)),
    "house-code": Shot(f"{HOUSE}/sign-in", then=(("#address", "somebody@example.com"), SAVE)),
    "house-password": Shot(f"{HOUSE}/sign-in/password"),
    "house-forgotten": Shot(f"{HOUSE}/password"),
    "me-home": _portal(""),
    "me-notices": _portal("/notices"),
    "me-notice": _portal("/notices", ".list-card a >> nth=0"),
    "me-notifications": _portal("/notifications"),
    "me-profile": _portal("/profile"),
    "me-address": _portal("/address"),
    "me-security": _portal("/security"),
    "me-password": _portal("/security/password"),
    "me-totp": _portal("/security/totp"),
    "me-privacy": _portal("/privacy"),
    "me-deletion": _portal("/privacy/deletion"),
    "me-forbidden": Shot(f"{HOUSE}/admin/people", MEMBER),
    "office-dashboard": _office(""),
    "office-search": _office("", "[data-open=palette]:visible", ("#palette input", "茶")),
    "office-people": _office("/people"),
    "office-people-none": _office("/people?q=zzzz"),
    "office-person": _office("/people", SOMEBODY),
    "office-person-edit": _office("/people", SOMEBODY, ".page-actions .btn-primary"),
    "office-person-erase": _office("/people", SOMEBODY, "[data-open=erase]"),
    "office-person-suspend": _office("/people", SOMEBODY, ".page-actions summary", "a.menu-item.is-danger:visible"),
    "office-invite": _office("/people/invite"),
    "office-invite-refused": _office("/people/invite", SAVE),
    "office-deletions": _office("/people/deletions"),
    "office-import": _office("/people/import"),
    "office-import-match": _office("/people/import", ("#pasted", LIST), SAVE),
    "office-roles": _office("/roles"),
    "office-role": _office("/roles", ".list .btn >> nth=0"),
    "office-role-new": _office("/roles/new"),
    "office-modules": _office("/modules"),
    "office-settings": _office("/settings"),
    "office-settings-module": _office("/settings/accounts"),
    "office-profile": _office("/settings/association"),
    "office-audit": _office("/audit"),
    "office-audit-entry": _office("/audit", ROW),
    "office-files": _office("/files"),
    "office-file": _office("/files", ROW),
    "office-upload": _office("/files/upload"),
    "office-messages": _office("/messages"),
    "office-message": _office("/messages", ROW),
    "office-addresses": _office("/messages/addresses"),
    "office-templates": _office("/messages/templates"),
    "office-template": _office("/messages/templates", ".table a >> nth=0"),
    "office-announce": _office("/messages/new"),
    "office-tokens": _office("/api"),
    "office-token-new": _office("/api/new"),
    "office-token-refused": _office("/api/new", SAVE),
    "office-token-created": _office("/api/new", ("#name", "财务系统"), FIRST_BOX, SAVE),
    "office-token": _office("/api", ROW),
    "office-webhook-new": _office("/webhooks/new"),
    "office-webhook-secret": _office("/webhooks/new", *HOOK),
    "office-webhooks": _office("/webhooks"),
    "office-webhook": _office("/webhooks", ROW),
    "office-delivery": _office("/webhooks", ROW, ".page-actions .btn-primary"),
    "office-visits": _office("/support"),
    "api-reference": Shot(f"{HOUSE}/api/v1/docs"),
    "console-overview": _vendor("/"),
    "console-associations": _vendor("/associations/"),
    "console-onboarding": _vendor("/onboard/"),
    "console-staff": _vendor("/staff/"),
    "console-sign-in": Shot(f"{CONSOLE}/sign-in"),
}
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
THEMES = ("light", "dark")


def main() -> None:
    """Plant the demonstration on a stack of its own, and take every picture."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, LocalStack(Path(folder), fsync=False) as stack:
        process = Process.of(Settings.from_environ({**stack.environment, "GUILDHALL_MODE": "demo"}))
        prepare(stack, process.runtime)
        for step in steps(process):
            step.plant()
        _suspend(process, SUSPENDED)
        server = make_server("127.0.0.1", 0, Doors(process), threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        _shoot(server.server_port)
        server.shutdown()
        process.runtime.close()


def _shoot(port: int) -> None:
    rules = f"MAP localhost:8000 127.0.0.1:{port}, MAP *.localhost:8000 127.0.0.1:{port}"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--host-resolver-rules={rules}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        for kind in product(SIZES, LANGUAGES, THEMES):
            if set(sys.argv[1:]) <= set(kind):
                _shoot_set(browser, *kind)
        browser.close()


def _shoot_set(browser: Browser, size: str, language: str, theme: str) -> None:
    width, height = SIZES[size]
    for entrance in (None, MEMBER, SECRETARY, VENDOR):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=LANGUAGES[language], color_scheme=theme
        )
        page = context.new_page()
        if entrance:
            page.goto(entrance)
        for name, shot in SHOTS.items():
            if shot.door == entrance:
                path = FOLDER / f"{name}-{size}-{language}-{theme}.png"
                print(_take(page, shot, path), path, flush=True)
        context.close()


def _take(page: Page, shot: Shot, path: Path) -> int | None:
    """The picture, and the status with which the page came."""
    answer = page.goto(shot.address)
    for deed in shot.then:
        if isinstance(deed, str):
            page.locator(deed).click()
        else:
            page.locator(deed[0]).fill(deed[1])
        page.wait_for_timeout(500)  # what the page fetches begins a moment later
        page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=not page.locator("dialog[open]").count())
    return answer.status if answer else None


def _suspend(process: Process, address: str) -> None:
    tenant = process.tenants.by_slug(address.removeprefix("http://").partition(".")[0])
    if tenant is not None:
        suspend(process.runtime, process.tenants, tenant, "The invoice of September is still open.")


if __name__ == "__main__":
    main()
