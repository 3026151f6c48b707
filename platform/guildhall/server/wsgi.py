"""The WSGI app: it looks at the Host header and hands over to one of three doors."""

import gc
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from guildhall.console.app import create_console
from guildhall.core.ids import uuid7
from guildhall.core.observability.tracing import start_tracing, trace_requests
from guildhall.core.settings import Mode
from guildhall.core.web.context import HOUSE_KEY, REQUEST_ID_KEY
from guildhall.server.house import create_house
from guildhall.server.plain_pages import NO_HOST, UNAVAILABLE, PlainPage
from guildhall.server.probes import blueprint as probes
from guildhall.server.process import Process
from guildhall.site.app import create_site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# RFC 1123 host names in lower case, with an optional port; whatever else is sent as Host is nobody's.
_HOST = re.compile(r"([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?")
CONSOLE_LABEL = "console"
log = structlog.get_logger(__name__)


class Doors:
    """Site, console and houses behind one callable. Any other host gets a 404 before anything else runs."""

    def __init__(self, process: Process) -> None:
        runtime = process.runtime
        self._tenants = process.tenants
        self._platform = runtime.platform
        self._base_host = runtime.settings.base_host
        self.site = create_site(process.runtime, process.tenants)
        self.console = create_console(process.runtime, process.tenants)
        self.house = create_house(process.runtime, process.tenants)
        self.site.register_blueprint(probes)
        if runtime.settings.mode is Mode.DEMO:
            from guildhall.server.demo.doors import open_doors

            open_doors(self.site, self.console, self.house)
        for door in (self.site, self.console, self.house):
            door.demand_marks()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[REQUEST_ID_KEY] = str(uuid7())
        matched = _HOST.fullmatch(environ.get("HTTP_HOST", "").lower())
        if matched is None:
            return NO_HOST(environ, start_response)
        host = matched.group(1)
        if host == self._base_host:
            return self._enter(self.site, self._platform, environ, start_response)
        if host == f"{CONSOLE_LABEL}.{self._base_host}":
            return self._enter(self.console, self._platform, environ, start_response)
        return self._enter_house(host, environ, start_response)

    def _enter_house(self, host: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        try:
            tenant = self._tenants.by_host(host)
        except (SQLAlchemyError, psycopg.Error) as error:
            log.warning("registry_unavailable", error=str(error))
            return UNAVAILABLE(environ, start_response)
        if tenant is None:
            return NO_HOST(environ, start_response)
        if host != tenant.host:
            return _moved(tenant.url(_path(environ)))(environ, start_response)
        return self._enter(self.house, tenant, environ, start_response)

    @staticmethod
    def _enter(
        door: Callable[..., Iterable[bytes]], house: Any, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ[HOUSE_KEY] = house
        return door(environ, start_response)


def _path(environ: "WSGIEnvironment") -> str:
    query = environ.get("QUERY_STRING", "")
    path = urlsplit(environ.get("PATH_INFO", "/") or "/").path or "/"
    return path + (f"?{query}" if query else "")


def _moved(address: str) -> PlainPage:
    """A house has one address; a former slug and a second domain lead there."""
    return PlainPage("308 Permanent Redirect", "Moved", "搬迁", headers=(("Location", address),))


def create_app(process: Process | None = None) -> Callable[..., Iterable[bytes]]:
    """The app as a web server wants it; processes of a server call this once each."""
    process = process or Process.from_environ()
    settings = process.runtime.settings
    doors = Doors(process)
    if start_tracing(settings):
        for door in (doors.site, doors.console, doors.house):
            trace_requests(door)
    # What is loaded by now stays for the life of the process: looking through it for garbage only holds requests up.
    gc.freeze()
    proxies = settings.trusted_proxies
    return ProxyFix(doors, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else doors
