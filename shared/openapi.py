"""What a service's OpenAPI says beside its routes: how each may be refused, and an example of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI

from . import errors
from .errors import Refused
from .http import Route
from .service import Service

Json = dict[str, Any]
Place = tuple[str, str]
"""A route's path and method, both as OpenAPI writes them."""

PROBLEM = "application/problem+json"
"""RFC 9457."""

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key and body again gives the same answer and no second effect.",
}
_SCHEMA = {
    "title": "Problem",
    "description": "Why it was refused (RFC 9457); each type has members of its own beside these.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_STRINGS = {
    "uuid": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b210",
    "date": "2026-12-01",
    "date-time": "2026-11-20T09:30:00Z",
}


class Api(FastAPI):
    """An application whose OpenAPI is whole."""

    def openapi(self) -> Json:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            service: Service = self.state.service
            known = {one.slug: one for one in _every(Refused) if _is_known(one, service.name)}
            _complete(document, frozenset(_transacted(service.routers)), known)
        return super().openapi()


def _transacted(routers: Iterable[APIRouter]) -> Iterator[Place]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, Route):
                yield from ((route.path_format, method.lower()) for method in route.methods or ())


def _is_known(refusal: type[Refused], service: str) -> bool:
    """Whether it is a refusal of the kit's or of the service's own."""
    return refusal.__module__.startswith((f"{__package__}.", f"services.{service}."))


def _complete(document: Json, transacted: frozenset[Place], refusals: Mapping[str, type[Refused]]) -> None:
    """Add the problems of each route, their examples, and an example of each body."""
    components = document.setdefault("components", {})
    schemas: Json = components.setdefault("schemas", {})
    used: set[str] = set()
    for place, operation in _operations(document):
        _add_headers(operation, keyed=place in transacted and place[1] == "post")
        possible = _possible(operation, for_somebody=place in transacted or "x-roles" in operation)
        operation["responses"].pop("422", None)
        operation["responses"] |= _responses(sorted(possible), refusals)
        used |= possible
        for body in operation.get("requestBody", {}).get("content", {}).values():
            body["example"] = example_of(body["schema"], schemas)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _SCHEMA
    components["examples"] = {slug: {"value": refusals[slug].example_document()} for slug in sorted(used)}


def _every(base: type[Refused]) -> Iterator[type[Refused]]:
    """All refusals, so that of those with one slug the general one comes last."""
    for one in base.__subclasses__():
        yield from _every(one)
        yield one


def _operations(document: Json) -> Iterator[tuple[Place, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (path, method), operation


def _add_headers(operation: Json, *, keyed: bool) -> None:
    """Say that what the code asks for by a problem of its own is needed all the same."""
    if keyed:
        operation.setdefault("parameters", []).append(_KEY)
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "if-match":
            parameter |= {"name": "If-Match", "required": True, "schema": {"type": "string"}}


def _possible(operation: Json, *, for_somebody: bool) -> set[str]:
    """The slugs of what the route refuses with: what it declares, and what follows from its shape."""
    parameters = {parameter["name"]: parameter["in"] for parameter in operation.get("parameters", ())}
    follows = {
        errors.Unavailable: True,
        errors.Unauthenticated: for_somebody,
        errors.NotFound: for_somebody,
        errors.RoleMissing: for_somebody,
        errors.NotYourSide: "x-roles" in operation,
        errors.Invalid: parameters or "requestBody" in operation,
        errors.TooLarge: "requestBody" in operation,
        errors.VersionMissing: "If-Match" in parameters,
        errors.VersionStale: "If-Match" in parameters,
        errors.KeyMissing: "Idempotency-Key" in parameters,
        errors.KeyReused: "Idempotency-Key" in parameters,
    }
    return {*operation.pop("x-problems", ()), *(one.slug for one, does in follows.items() if does)}


def _responses(possible: Iterable[str], refusals: Mapping[str, type[Refused]]) -> Json:
    by_status: dict[int, list[str]] = {}
    for slug in possible:
        by_status.setdefault(refusals[slug].status, []).append(slug)
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "content": {
                PROBLEM: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {slug: {"$ref": f"#/components/examples/{slug}"} for slug in slugs},
                }
            },
        }
        for status, slugs in sorted(by_status.items())
    }


def example_of(schema: Json, schemas: Mapping[str, Json]) -> Any:
    """A value that a schema allows: its own example if it has one, else the first or plainest that fits."""
    for given in (schema.get("examples"), schema.get("enum")):
        if given:
            return given[0]
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    match schema.get("type"):
        case "object":
            parts: Json = schema.get("properties", {})
            return {name: example_of(part, schemas) for name, part in parts.items()}
        case "array":
            return [example_of(schema["items"], schemas)]
    return _plain(schema)


def _plain(schema: Json) -> Any:
    numbers = {"integer": schema.get("minimum", 1), "boolean": True}
    text = _STRINGS.get(schema.get("format", ""), "A few words.")
    return schema.get("const", numbers.get(schema.get("type", ""), text))
