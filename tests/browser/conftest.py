"""A real browser on a real server: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Callable, Iterator
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
from guildhall.server.wsgi import Doors

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def live_port(doors: Doors) -> Iterator[int]:
    """The three doors on a port of their own."""
    server = make_server("127.0.0.1", 0, doors, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def browser(live_port: int) -> Iterator[Browser]:
    """Chromium. What it asks of `*.localhost:8000` goes to the doors, whatever port they got."""
    executable = shutil.which("chromium")
    assert executable, "Debian's chromium is needed: apt-get install chromium"
    rules = f"MAP localhost:8000 127.0.0.1:{live_port}, MAP *.localhost:8000 127.0.0.1:{live_port}"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", f"--host-resolver-rules={rules}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Pages in sessions of their own: `open_page(**PHONE)`. Whatever a console complains about fails the test."""
    contexts, complaints = [], []

    def open_(**options: object) -> Page:
        context = browser.new_context(**(DESK | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    # A refused form answers 422 on purpose, and the browser reports every such answer.
    assert [text for text in complaints if "422" not in text] == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page on a desk."""
    return open_page()


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
