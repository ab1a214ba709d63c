"""What goes in and what comes out of every route is what its document says, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from deploy.documents.fields_page import SCOPES, NoScope, fields_of, scope_of
from deploy.documents.openapi import api_of
from deploy.keys import RECORDED

Json = dict[str, Any]


def bodies(service: str) -> Iterator[tuple[str, Json]]:
    """Every object that a request's body holds, by its route."""
    document = api_of(service).openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for body in operation.get("requestBody", {}).get("content", {}).values():
                objects = _objects(body["schema"], document["components"]["schemas"])
                yield from ((f"{method.upper()} {path}", one) for one in objects)


def _objects(schema: Json, schemas: Mapping[str, Json]) -> Iterator[Json]:
    if "$ref" in schema:
        yield from _objects(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("type") == "object":
        yield schema
    parts = [*schema.get("anyOf", ()), *schema.get("properties", {}).values(), schema.get("items", {})]
    for part in parts:
        if part:
            yield from _objects(part, schemas)


@pytest.mark.parametrize("service", RECORDED)
def test_no_body_takes_a_field_that_it_does_not_know(service: str) -> None:
    """Mass assignment (OWASP ASVS 5, 15.3.3): what nobody asked for is refused, not ignored."""
    open_bodies = [
        f"{route}: {one.get('title')}"
        for route, one in bodies(service)
        if one.get("additionalProperties") is not False
    ]

    assert open_bodies == []


@pytest.mark.parametrize("service", RECORDED)
def test_every_good_answer_says_its_fields(service: str) -> None:
    silent = [
        f"{method.upper()} {path}"
        for path, methods in api_of(service).openapi()["paths"].items()
        for method, operation in methods.items()
        if "200" in operation["responses"] and not fields_of(service, operation)
    ]

    assert [one for one in silent if one not in MACHINES] == []


MACHINES = {
    "GET /positions", "GET /log", "GET /notifications/live", "POST /parked/{subject}/redrive",
    "POST /operations/parked/{service}/{subject}/redrive",
}  # fmt: skip
"""What the services ask each other, and the stream of ids."""


def test_words_that_nobody_gave_a_scope_are_refused() -> None:
    with pytest.raises(NoScope):
        scope_of("referrals", "items[].nickname")


def test_no_scope_is_left_over() -> None:
    words = {
        f"{service}.{path.rpartition('.')[2].removesuffix('[]')}"
        for service in RECORDED
        for methods in api_of(service).openapi()["paths"].values()
        for operation in methods.values()
        for path, is_words in fields_of(service, operation).items()
        if is_words
    }

    assert words == SCOPES.keys()
