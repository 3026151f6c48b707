"""Pages for hosts that are nobody's: no app, no database, no template."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{english}</title><main><h1>{english}</h1><p lang="zh-Hans">{chinese}</p></main></html>"""


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A constant answer, in both languages since nobody has chosen one."""

    status: str
    english: str
    chinese: str
    headers: tuple[tuple[str, str], ...] = ()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = _PAGE.format(english=self.english, chinese=self.chinese).encode()
        start_response(
            self.status,
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Length", str(len(body))),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
                *self.headers,
            ],
        )
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]


NO_HOST = PlainPage("404 Not Found", "There is no association at this address.", "此网址没有对应的商协会。")
UNAVAILABLE = PlainPage(
    "503 Service Unavailable",
    "The service is briefly unavailable. Please try again in a moment.",
    "服务暂时不可用，请稍后再试。",
    headers=(("Retry-After", "5"),),
)
