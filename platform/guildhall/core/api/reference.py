"""The OpenAPI document, and the reference page that is made from it: no scripts, no third party."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from guildhall.core.permissions import public
from guildhall.core.web.context import current_house, runtime

if TYPE_CHECKING:
    from guildhall.core.api.app import HouseApi

EXTENSION = "guildhall-api"
METHODS = ("get", "post", "put", "patch", "delete")

blueprint = Blueprint("api_reference", __name__)


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a member of a body."""

    name: str
    kind: str
    where: str = ""
    required: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    permissions: Sequence[str]
    parameters: Sequence[Field]
    body: Sequence[Field]
    answer: Sequence[Field]
    statuses: Sequence[str]


@dataclass(frozen=True, slots=True)
class Resource:
    """A group of operations."""

    id: str
    label: str
    description: str
    operations: Sequence[Operation]


@blueprint.get("/openapi.json")
@public
def document() -> Response:
    """The document, for programs."""
    response = jsonify(_document())
    response.add_etag()
    return cast("Response", response.make_conditional(request))


@blueprint.get("/docs")
@public
def page() -> str:
    """The reference, for people."""
    described = _document()
    return render_template("api/reference.html", info=described["info"], resources=list(resources(described)))


def _document() -> dict[str, Any]:
    api: HouseApi = current_app.extensions[EXTENSION]
    return api.document(current_house())


def resources(document: Mapping[str, Any]) -> Iterator[Resource]:
    """The document's operations as people read them, a group a tag."""
    for tag in document["tags"]:
        found = [
            _operation(document, path, method, item[method])
            for path, item in document["paths"].items()
            for method in METHODS
            if method in item and tag["name"] in item[method]["tags"]
        ]
        yield Resource(tag["name"], tag["x-label"], tag["description"], found)


def _operation(document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]) -> Operation:
    parameters = [_resolved(document, one) for one in said.get("parameters", ())]
    responses = {status: _resolved(document, one) for status, one in said["responses"].items()}
    good = next((one for status, one in responses.items() if status.startswith("2")), {})
    return Operation(
        id=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        description=said.get("description", ""),
        permissions=[_permission(code) for code in said.get("x-permissions", ())],
        parameters=[_parameter(document, one) for one in parameters],
        body=list(_members(document, said.get("requestBody", {}))),
        answer=list(_members(document, good)),
        statuses=sorted(status for status in responses if status.isdigit()),
    )


def _permission(code: str) -> str:
    known = runtime().registry.permissions.get(code)
    return f"{known.label} ({code})" if known else code


def _parameter(document: Mapping[str, Any], said: Mapping[str, Any]) -> Field:
    kind = _kind(document, said["schema"])
    return Field(said["name"], kind, said["in"], said.get("required", False), said.get("description", ""))


def _members(document: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Field]:
    """The members of a body's JSON object."""
    schema = _resolved(document, content.get("content", {}).get("application/json", {}).get("schema", {}))
    required = schema.get("required", ())
    for name, said in schema.get("properties", {}).items():
        yield Field(name, _kind(document, said), "", name in required, said.get("description", ""))


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A schema in a few characters: `string (uuid)`, `integer`, `Person[]`."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    kind = schema.get("type", "any")
    kinds = [k for k in (kind if isinstance(kind, list) else [kind]) if k != "null"]
    if kinds == ["array"]:
        return f"{_kind(document, schema.get('items', {}))}[]"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"] if value is not None)
    shown = " | ".join(kinds)
    return f"{shown} ({schema['format']})" if "format" in schema else shown


def _resolved(document: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in said:
        target: Any = document
        for part in said["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        said = target
    return said
