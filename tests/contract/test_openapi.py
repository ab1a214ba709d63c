"""Each service's OpenAPI is whole: every refusal with an example, every body with one that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.documents.openapi import api_of
from deploy.keys import RECORDED
from shared.errors import Refused
from shared.openapi import PROBLEM, example_of
from shared.step_up import StepUpNeeded

SCHEMA = "#/components/schemas/"


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in api_of(service).openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def slugs_of(operation: dict[str, Any]) -> set[str]:
    contents = (answer.get("content", {}).get(PROBLEM, {}) for answer in operation["responses"].values())
    return {slug for content in contents for slug in content.get("examples", {})}


def refusals(base: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for one in base.__subclasses__():
        yield from (one, *refusals(one))


def test_every_refusal_is_documented_somewhere_with_its_sentence() -> None:
    documented = {slug for service in RECORDED for _, one in operations(service) for slug in slugs_of(one)}
    # The review of logs, which will ask for a step-up, has no route yet.
    abstract = {Refused.slug, StepUpNeeded.slug}

    assert {one.slug for one in refusals()} - abstract == documented
    for service in RECORDED:
        for slug, example in api_of(service).openapi()["components"]["examples"].items():
            value = example["value"]
            assert (value["type"], bool(value["detail"])) == (f"/problems/{slug}", True)


@pytest.mark.parametrize("service", RECORDED)
def test_every_body_has_an_example_that_its_schema_takes(service: str) -> None:
    document = api_of(service).openapi()
    bodies = [
        (place, body)
        for place, operation in operations(service)
        for body in operation.get("requestBody", {}).get("content", {}).values()
    ]

    for place, body in bodies:
        schema = {**body["schema"], "components": document["components"]}
        errors = [error.message for error in Draft202012Validator(schema).iter_errors(body["example"])]
        assert errors == [], place


@pytest.mark.parametrize("service", RECORDED)
def test_a_command_says_which_headers_it_cannot_do_without(service: str) -> None:
    for place, operation in operations(service):
        headers = {
            one["name"]: one["required"] for one in operation.get("parameters", ()) if one["in"] == "header"
        }
        slugs = slugs_of(operation)
        assert ("key-missing" in slugs) == bool(headers.get("Idempotency-Key")), place
        assert ("version-missing" in slugs) == bool(headers.get("If-Match")), place
        assert "invalid" not in slugs or "422" in operation["responses"], place


@pytest.mark.parametrize("schema", [
    {"type": "string", "format": "date"}, {"type": "integer", "minimum": 7}, {"const": "no"},
    {"anyOf": [{"type": "boolean"}, {"type": "null"}]}, {"type": "array", "items": {"enum": ["a", "b"]}},
    {"type": "object", "properties": {"words": {"type": "string", "examples": ["Hej"]}}},
])  # fmt: skip
def test_an_example_fits_its_schema(schema: dict[str, Any]) -> None:
    assert list(Draft202012Validator(schema).iter_errors(example_of(schema, {}))) == []
