"""Mounting the API on a house's door, and its OpenAPI document."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask_babel import LazyString
from flask_smorest import Api

from guildhall.core.api.blueprint import IDEMPOTENCY_HEADER, ApiBlueprint
from guildhall.core.api.caller import add_headers
from guildhall.core.api.reference import EXTENSION
from guildhall.core.api.reference import blueprint as reference_pages
from guildhall.core.api.schema import Moment, Problem
from guildhall.core.house import House
from guildhall.core.i18n import _l
from guildhall.core.module import Module
from guildhall.core.web.door import Door

PREFIX = "/api/v1"
VERSION = "1"
OPENAPI_VERSION = "3.1.0"
_DESCRIPTION = _l(
    "Show a token as “Authorization: Bearer …”. Lists are read page by page with a cursor. A POST or PATCH with an "
    "Idempotency-Key takes effect once, however often it is sent. Errors are problem+json (RFC 9457)."
)
_IDEMPOTENCY_KEY = {
    "name": IDEMPOTENCY_HEADER,
    "in": "header",
    "required": False,
    "description": _l("Sent again with the same key, the request takes effect once and has the same answer."),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


class HouseApi(Api):
    """flask-smorest with our errors, and a document that is each house's own."""

    ERROR_SCHEMA = Problem

    def __init__(self, door: Door) -> None:
        self._blueprints: dict[str, ApiBlueprint] = {}
        super().__init__(
            door,
            spec_kwargs={
                "title": "Guildhall",
                "version": VERSION,
                "openapi_version": OPENAPI_VERSION,
                "security": [{"token": []}],
            },
        )
        self.register_field(Moment, "string", "date-time")
        self.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
        self.spec.components.parameter("IDEMPOTENCY_KEY", "header", _IDEMPOTENCY_KEY, lazy=True)

    def add(self, blueprint: ApiBlueprint) -> None:
        """Mount a resource. It asks for no form token: a cookie opens nothing here."""
        self._blueprints[blueprint.name] = blueprint
        self.register_blueprint(blueprint, url_prefix=PREFIX + (blueprint.url_prefix or ""))
        self._app.csrf.exempt(blueprint)

    def document(self, house: House) -> dict[str, Any]:
        """The OpenAPI document of a house, in the reader's language: what is off there is not in it."""
        owners = self._app.runtime.registry.module_of_blueprint
        shown = {n: b for n, b in self._blueprints.items() if n not in owners or owners[n] in house.modules}
        document: dict[str, Any] = spoken(self.spec.to_dict())
        document["info"] |= {"title": house.name, "description": str(_DESCRIPTION)}
        document["servers"] = [{"url": house.url("").rstrip("/")}]
        document["tags"] = [
            {"name": n, "x-label": str(b.label), "description": str(b.description)} for n, b in shown.items()
        ]
        document["paths"] = {path: item for path, item in document["paths"].items() if _tags(item) <= shown.keys()}
        return document

    def _register_error_handlers(self) -> None:
        """The door has its own, for pages and for problem+json alike."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response: dict[str, Any] = {"description": status.phrase}
            if status >= HTTPStatus.BAD_REQUEST:
                response["content"] = {"application/problem+json": {"schema": self.ERROR_SCHEMA}}
            self.spec.components.response(status.name, response, lazy=True)
        unexpected = {"description": "An error", "content": {"application/problem+json": {"schema": self.ERROR_SCHEMA}}}
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, unexpected, lazy=True)


def mount_api(door: Door, modules: Iterable[Module], own: Iterable[ApiBlueprint] = ()) -> HouseApi:
    """Mount every module's resources, and the door's own, under `/api/v1`, with document and reference."""
    api = HouseApi(door)
    for blueprint in (*own, *(b for module in modules for b in module.api)):
        api.add(blueprint)  # type: ignore[arg-type]
    door.extensions[EXTENSION] = api
    door.register_blueprint(reference_pages, url_prefix=PREFIX)
    door.after_request(add_headers)
    return api


def spoken(value: Any) -> Any:
    """A copy with every lazy word in the reader's language."""
    if isinstance(value, LazyString):
        return str(value)
    if isinstance(value, Mapping):
        return {key: spoken(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [spoken(item) for item in value]
    return value


def _tags(item: Mapping[str, Any]) -> set[str]:
    return {tag for operation in item.values() if isinstance(operation, dict) for tag in operation.get("tags", ())}
