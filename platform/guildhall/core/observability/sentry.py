"""Optional: whatever is logged with an exception goes to Sentry too, without anything personal."""

import re
import sys
from typing import Any, cast

from structlog.typing import EventDict, WrappedLogger

from guildhall.core.settings import Settings

_DETAIL = re.compile(r"DETAIL:.*")
TAGS = ("house", "request", "job", "name")


def start(settings: Settings) -> bool:
    """Begin, when an address is set; the package comes with the extra `sentry`."""
    if not settings.sentry_dsn:
        return False
    import sentry_sdk

    sentry_sdk.init(
        settings.sentry_dsn,
        environment=settings.mode.value,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=cast("Any", scrub),  # an event is a plain dict at run time
    )
    return True


def report(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """A step of the log: pass an exception on."""
    given = line.get("exc_info")
    if given:
        import sentry_sdk

        tags = {name: str(line[name]) for name in TAGS if name in line}
        sentry_sdk.capture_exception(_exception(given), tags=tags)
    return line


def _exception(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    return given[1] if isinstance(given, tuple) else sys.exc_info()[1]


def scrub(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """Keep the method of a request and nothing else of it; leave out the rows that PostgreSQL quotes."""
    event.pop("user", None)
    event.pop("server_name", None)
    if "request" in event:
        event["request"] = {"method": event["request"].get("method")}
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = without_details(exception.get("value") or "")
    return event


def without_details(text: str) -> str:
    """The message of a database error without the row that it quotes."""
    return _DETAIL.sub("DETAIL: (left out)", text)
