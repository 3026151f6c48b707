"""The blueprint of REST resources."""

import hashlib
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask_smorest import Blueprint
from flask_smorest.exceptions import PreconditionFailed

from guildhall.core.api import idempotency
from guildhall.core.api.errors import PreconditionMissed, PreconditionMissing
from guildhall.core.api.parser import ApiParser
from guildhall.core.api.schema import Schema
from guildhall.core.permissions import Access, AccessKind, access_of
from guildhall.core.web.context import current_actor, db_session

View = Callable[..., ResponseReturnValue]
REPEATABLE_METHODS = frozenset({"POST", "PATCH"})
KEPT_HEADERS = ("Content-Type", "ETag", "Link", "Location")
REPLAYED_HEADER = "Idempotency-Replayed"
IDEMPOTENCY_HEADER = "Idempotency-Key"


class ApiBlueprint(Blueprint):
    """A flask-smorest blueprint that reads strictly, repeats harmlessly and documents who may call.

    A resource is a `MethodView`. The mark (`@allow`, `@signed_in`, `@public`) goes innermost on each method. Methods
    under `@blueprint.etag` answer with an ETag; a change calls `check_unchanged` with what it is about to change.

    Args:
        label: what the resource is called in the reference.
    """

    ARGUMENTS_PARSER = ApiParser()

    def __init__(self, *args: Any, label: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label = label
        self._prepare_doc_cbks.append(self._prepare_access_doc)

    @staticmethod
    def operation(summary: Any, description: Any = "") -> Callable[[View], View]:
        """What a method does, in the reference: a few words, and where needed a sentence or two."""
        words = {"summary": summary} | ({"description": description} if description else {})
        return cast("Callable[[View], View]", Blueprint.doc(**words))

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: type[MethodView] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        if view_func is None:
            raise TypeError("a resource is a MethodView")
        view_func.decorators = [*view_func.decorators, take_effect_once]
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def check_unchanged(self, found: object, schema: type[Schema]) -> None:
        """Refuse a change of something that its caller has not seen as it is now. Lock the row before.

        Raises:
            PreconditionMissed: `If-Match` names another state.
        """
        try:
            self.check_etag(found, schema)
        except PreconditionFailed as error:
            raise PreconditionMissed from error

    def _check_precondition(self) -> None:
        if request.method in self.METHODS_NEEDING_CHECK_ETAG and not request.if_match:
            raise PreconditionMissing

    def _store_endpoint_docs(self, endpoint: str, obj: type[MethodView], *args: Any, **options: Any) -> None:
        super()._store_endpoint_docs(endpoint, obj, *args, **options)
        for method, documented in self._docs[endpoint].items():
            if method != "parameters":
                documented["access"] = access_of(_named(obj), method.upper())

    @staticmethod
    def _prepare_access_doc(doc: dict[str, Any], doc_info: dict[str, Any], *, method: str, **_: Any) -> dict[str, Any]:
        """Who may call, which errors everybody can meet, and the header that makes a repetition harmless."""
        access: Access | None = doc_info.get("access")
        responses = doc.setdefault("responses", {})
        responses.setdefault(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.TOO_MANY_REQUESTS.name)
        if access is None or access.kind is AccessKind.PUBLIC:
            doc["security"] = []
        else:
            responses.setdefault(HTTPStatus.UNAUTHORIZED, HTTPStatus.UNAUTHORIZED.name)
        if access and access.permissions:
            responses.setdefault(HTTPStatus.FORBIDDEN, HTTPStatus.FORBIDDEN.name)
            doc["x-permissions"] = list(access.permissions)
        if method.upper() in REPEATABLE_METHODS:
            doc.setdefault("parameters", []).append("IDEMPOTENCY_KEY")
        for status in _errors_of(method, doc):
            responses.setdefault(status, status.name)
        return doc


def _named(view_class: type[MethodView]) -> Callable[..., Any]:
    """A stand-in for the view function that Flask makes of a class, to read its marks."""

    def view() -> None: ...

    view.view_class = view_class  # type: ignore[attr-defined]
    return view


def _errors_of(method: str, doc: dict[str, Any]) -> list[HTTPStatus]:
    found = [HTTPStatus.NOT_FOUND]
    if method.upper() in REPEATABLE_METHODS:
        found += [HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY]
    if "requestBody" in doc:
        found += [
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ]
    return found


def take_effect_once(view: View) -> View:
    """Let a request with an `Idempotency-Key` take effect once, and answer its repetitions with the first answer."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        key = request.headers.get(IDEMPOTENCY_HEADER)
        caller = current_actor().person_id
        if key is None or caller is None or request.method not in REPEATABLE_METHODS:
            return view(*args, **kwargs)
        answered = idempotency.claim(db_session(), caller, key, _fingerprint())
        if answered is not None:
            return _replay(answered)
        response = make_response(view(*args, **kwargs))
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        answer = idempotency.Answer(response.status_code, headers, response.get_data(as_text=True))
        idempotency.keep(db_session(), caller, key, answer)
        return response

    return wrapper


def _fingerprint() -> str:
    """What makes two requests the same: method, address, precondition and body."""
    parts = (request.method, request.full_path, request.headers.get("If-Match", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.get_data(cache=True)).hexdigest()


def _replay(answer: idempotency.Answer) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, REPLAYED_HEADER: "true"})
