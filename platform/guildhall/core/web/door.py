"""A door: one Flask app behind one kind of host, with one transaction a request and default deny."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Flask, abort, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import Rule

from guildhall.core import audit
from guildhall.core.db import UnitOfWork
from guildhall.core.errors import Forbidden, SignInRequired
from guildhall.core.identity import Actor
from guildhall.core.permissions import Access, AccessKind, access_of
from guildhall.core.ratelimit import RateLimiter
from guildhall.core.runtime import Runtime
from guildhall.core.web import observe
from guildhall.core.web.context import current_actor, current_house, opened_session
from guildhall.core.web.cookies import HouseSessionInterface
from guildhall.core.web.errors import register_error_handlers
from guildhall.core.web.headers import secure

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
IDENTIFIER = Callable[[UnitOfWork], Actor]


class UnmarkedEndpointError(Exception):
    """Endpoints that say neither who may call them nor that anybody may."""


class Door(Flask):
    """One of the platform's web apps.

    A request goes: house open? → session and account → module on? → permission → CSRF → view → commit. When the view
    answers with an error status, or raises, nothing is kept.
    """

    def __init__(self, name: str, runtime: Runtime, identify: IDENTIFIER) -> None:
        super().__init__(f"guildhall.{name}", static_folder=None, root_path=__file__.rsplit("/", 1)[0])
        self.kind = name
        self.runtime = runtime
        self.identify = identify
        self.admit: Callable[[], None] = lambda: None  # raises where nobody is let in: a house that is closed
        self.limiter = RateLimiter(runtime.redis)
        self.session_interface = HouseSessionInterface(name)
        self.config.update(self._flask_config())
        self.csrf = CSRFProtect()
        self.before_request(self._gate)
        self.csrf.init_app(self)
        self.after_request(secure)
        self.after_request(observe.finish)
        self.teardown_request(_close)
        register_error_handlers(self)

    def _flask_config(self) -> dict[str, Any]:
        settings = self.runtime.settings
        return {
            "SECRET_KEY": self.runtime.vault.key(f"cookies/{self.kind}"),
            "SESSION_COOKIE_NAME": "__Host-guildhall" if settings.secure else f"guildhall_{self.kind}",
            "SESSION_COOKIE_SECURE": settings.secure,
            "MAX_CONTENT_LENGTH": settings.upload_limit_mb * 1024 * 1024,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,  # the token is bound to the session; some browsers in apps send no Referer
            "PREFERRED_URL_SCHEME": settings.scheme,
        }

    def preprocess_request(self) -> ResponseReturnValue | None:
        observe.begin()  # before anything that may refuse the request
        return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        response = self.make_response(super().dispatch_request())
        session = opened_session()
        if session is not None:
            if response.status_code < HTTPStatus.BAD_REQUEST:
                _audit_by_default(session)
                session.commit()
            else:
                session.rollback()
        return response

    def _gate(self) -> None:
        self.admit()
        if request.endpoint is None:
            return
        module = self.runtime.registry.module_of_blueprint.get(request.blueprint or "")
        if module is not None and module not in current_house().modules:
            abort(HTTPStatus.NOT_FOUND)
        access = access_of(self.view_functions[request.endpoint], request.method)
        if access is None and request.method == "OPTIONS":
            return
        self._check(access)

    def _check(self, access: Access | None) -> None:
        if access is None:
            raise Forbidden
        if access.kind is AccessKind.PUBLIC:
            return
        actor = current_actor()
        if not actor.signed_in:
            raise SignInRequired
        if access.permissions and not any(actor.may(code) for code in access.permissions):
            raise Forbidden

    def endpoints(self) -> Iterator[tuple[Rule, str]]:
        """Every (rule, method) that this app answers; tests of permissions walk it."""
        for rule in self.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method

    def demand_marks(self) -> None:
        """Fail at start if an endpoint is marked neither with a permission nor as public or signed-in.

        Raises:
            UnmarkedEndpointError: with all of them.
        """
        unmarked = [
            f"{method} {rule.rule} ({rule.endpoint})"
            for rule, method in self.endpoints()
            if access_of(self.view_functions[rule.endpoint], method) is None
        ]
        if unmarked:
            raise UnmarkedEndpointError("; ".join(unmarked))


def _audit_by_default(session: UnitOfWork) -> None:
    """Whatever changes something leaves a trace, also where the service noted nothing of its own."""
    if request.method in SAFE_METHODS or audit.is_noted(session) or not session.wrote:
        return
    values = {key: str(value) for key, value in (request.view_args or {}).items()}
    audit.record(session, f"{request.endpoint}", changes=values)


def _close(_error: BaseException | None) -> None:
    session = g.pop("unit", None)
    if session is not None:
        session.close()


__all__ = ["Door", "UnmarkedEndpointError"]
