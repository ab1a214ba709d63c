"""The published schemas of HSDS 3.0, by which what we answer and write is checked."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parents[2] / "shared/data/hsds-3.0"

Json = dict[str, Any]


def read(name: str) -> Json:
    found: Json = json.loads((FOLDER / name).read_text())
    return found


@cache
def validator(name: str) -> Draft202012Validator:
    """What checks a thing by its schema, those that the schema refers to included."""
    files = {file.name: json.loads(file.read_text()) for file in (FOLDER / "schema").glob("*.json")}
    resources = [(file, DRAFT202012.create_resource(said)) for file, said in files.items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    schema = read(f"{name}.json") if name.endswith("_list") else files[f"{name}.json"]
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker())


def faults(name: str, thing: Json) -> list[str]:
    """What the schema says is wrong with a thing."""
    return [f"{one.json_path}: {one.message}" for one in validator(name).iter_errors(thing)]


def page_faults(page: Json) -> list[str]:
    """What the specification's OpenAPI says is wrong with a page, but for its contents."""
    schema = read("openapi.json")["components"]["schemas"]["Page"]
    strict = {**schema, "required": [*schema["properties"]]}
    return [one.message for one in Draft202012Validator(strict).iter_errors(page)]


def example(name: str) -> Json:
    """A document of a compiled schema's own examples, each list with one thing in it."""
    whole = read(f"{name}.json")
    found: Json = _example(whole, whole["definitions"])
    return found


def _example(schema: Json, definitions: Json) -> Any:
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "array":
        return [_example(schema["items"], definitions)]
    if "properties" not in schema:
        text = schema.get("example")
        return float(text) if schema.get("type") == "number" and text is not None else text
    return {part: _example(said, definitions) for part, said in schema["properties"].items()}
