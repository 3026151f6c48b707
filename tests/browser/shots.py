"""`make shots`: the main pages as people see them, in both languages and widths, light and dark, into build/shots."""

import shutil
import tempfile
from itertools import product
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from guildhall.core.settings import Settings
from guildhall.server.demo.plant import steps
from guildhall.server.local.prepare import prepare
from guildhall.server.local.stack import LocalStack
from guildhall.server.process import Process
from guildhall.server.wsgi import Doors

FOLDER = Path("build/shots")
SITE, CONSOLE, HOUSE = "http://localhost:8000", "http://console.localhost:8000", "http://suzhou-tea.localhost:8000"
SECRETARY, MEMBER, VENDOR = f"{HOUSE}/-/demo/secretary", f"{HOUSE}/-/demo/member", f"{CONSOLE}/-/demo/vendor"

# name: (page, the door by which one comes in)
PAGES: dict[str, tuple[str, str | None]] = {
    "site-start": (f"{SITE}/", None),
    "site-product": (f"{SITE}/product", None),
    "site-trial": (f"{SITE}/trial", None),
    "house-home": (f"{HOUSE}/", None),
    "house-sign-in": (f"{HOUSE}/sign-in", None),
    "me-home": (f"{HOUSE}/me", MEMBER),
    "me-security": (f"{HOUSE}/me/security", MEMBER),
    "me-privacy": (f"{HOUSE}/me/privacy", MEMBER),
    "me-notices": (f"{HOUSE}/me/notices", MEMBER),
    "office-dashboard": (f"{HOUSE}/admin", SECRETARY),
    "office-people": (f"{HOUSE}/admin/people", SECRETARY),
    "office-roles": (f"{HOUSE}/admin/roles", SECRETARY),
    "office-import": (f"{HOUSE}/admin/people/import", SECRETARY),
    "office-modules": (f"{HOUSE}/admin/modules", SECRETARY),
    "office-profile": (f"{HOUSE}/admin/settings/association", SECRETARY),
    "office-audit": (f"{HOUSE}/admin/audit", SECRETARY),
    "office-files": (f"{HOUSE}/admin/files", SECRETARY),
    "office-messages": (f"{HOUSE}/admin/messages", SECRETARY),
    "office-tokens": (f"{HOUSE}/admin/api", SECRETARY),
    "office-webhooks": (f"{HOUSE}/admin/webhooks", SECRETARY),
    "office-visits": (f"{HOUSE}/admin/support", SECRETARY),
    "api-reference": (f"{HOUSE}/api/v1/docs", None),
    "console-overview": (f"{CONSOLE}/", VENDOR),
    "console-associations": (f"{CONSOLE}/associations/", VENDOR),
    "console-onboarding": (f"{CONSOLE}/onboard/", VENDOR),
    "console-staff": (f"{CONSOLE}/staff/", VENDOR),
    "console-sign-in": (f"{CONSOLE}/sign-in", None),
    "kit": (f"{SITE}/-/kit", None),
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
        for size, language, theme in product(SIZES, LANGUAGES, THEMES):
            _shoot_set(browser, size, language, theme)
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
        for name, (address, door) in PAGES.items():
            if door == entrance:
                answer = page.goto(address)
                path = FOLDER / f"{name}-{size}-{language}-{theme}.png"
                page.screenshot(path=path, full_page=True)
                print(f"{answer.status if answer else '?'} {path}", flush=True)
        context.close()


if __name__ == "__main__":
    main()
