"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from guildhall.core.i18n import init_i18n
from guildhall.core.web import kit
from guildhall.core.web.headers import CSP
from guildhall.core.web.ui import register_ui

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "Debian's chromium is needed: apt-get install chromium"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on a desk, in its own session. Whatever its console complains about fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # A refused form answers 422 on purpose, and the browser reports every such answer.
    assert [text for text in complaints if "422" not in text] == []


@pytest.fixture(scope="session")
def kit_url() -> Iterator[str]:
    """The address of the kit's page, served with the product's content security policy."""
    app = Flask("kit", static_folder=None)
    app.secret_key = "only for these tests"
    CSRFProtect(app)
    init_i18n(app, ["guildhall.core"], lambda: request.args.get("lang", "en"), lambda: "Asia/Shanghai")
    register_ui(app)
    app.register_blueprint(kit.blueprint)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in CSP.items())
        return response

    app.add_url_rule("/favicon.ico", view_func=lambda: ("", 204))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/-/kit"
    server.shutdown()
    thread.join()
