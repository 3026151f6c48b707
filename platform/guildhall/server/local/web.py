"""Small web applications of the embedded stack: made alike, served from a thread."""

import threading
from pathlib import Path
from typing import Self

from flask import Flask, Response, abort, request
from werkzeug.serving import WSGIRequestHandler, make_server

from guildhall.core.i18n import init_i18n, language_tag
from guildhall.server.local.ports import LOOPBACK, free_port

HERE = Path(__file__).parent
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'"
)


def create_local_app(name: str) -> Flask:
    """A Flask app with our templates, languages and headers, for this machine's browser only."""
    app = Flask(name, root_path=str(HERE))
    app.config["TRUSTED_HOSTS"] = ["localhost", ".localhost", LOOPBACK]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    init_i18n(app, ["guildhall.server"], _language, lambda: None)
    app.add_template_global(lambda: language_tag(_language()), "language")
    app.before_request(_refuse_foreign_forms)
    app.after_request(_add_headers)
    return app


def _language() -> str:
    """The browser's, by the base tag: zh-CN, zh-Hans and zh all mean simplified Chinese here."""
    asked = request.accept_languages.best_match(["en", "zh-CN", "zh-Hans", "zh"]) or "en"
    return "zh_Hans" if asked.startswith("zh") else "en"


def _refuse_foreign_forms() -> None:
    """There is no sign-in and so no token: the browser itself says where a form comes from."""
    if request.method != "GET" and request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        abort(403)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


class BackgroundServer:
    """An app served on the loopback interface by threads of this process."""

    def __init__(self, app: Flask, preferred_port: int = 0) -> None:
        self.port = free_port(preferred_port)
        self._server = make_server(LOOPBACK, self.port, app, threaded=True, request_handler=_Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name=app.name, daemon=True)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> Self:
        """Serve; requests are answered from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Quiet(WSGIRequestHandler):
    """Keeps connections open, and does not print a line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""
