"""Every field and refusal that a test meets stands in the service's OpenAPI, as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from httpx2 import Response

from deploy.documents.fields_page import fields_of
from deploy.documents.openapi import api_of
from shared.openapi import PROBLEM

COMMON = {"type", "title", "status", "detail"}


def must_be_documented(service: str, method: str, path: str, answer: Response) -> None:
    """Fail on a field or problem that the route's document does not know, or a member it does not show."""
    operation = _operation(service, method.lower(), path.partition("?")[0])
    if operation is not None and answer.is_success:
        shown = set(_paths(answer.json(), "")) if _is_json(answer) else set()
        beyond = _beyond(shown, _fields(service, method.lower(), path.partition("?")[0]))
        assert not beyond, (
            f"{method} {path} of {service} shows {sorted(beyond)}, which docs/fields.md does not"
        )
    if operation is None or answer.headers.get("Content-Type") != PROBLEM:
        return
    said = answer.json()
    slug = said["type"].removeprefix("/problems/")
    told = operation["responses"].get(str(answer.status_code), {}).get("content", {})
    examples = told.get(PROBLEM, {}).get("examples", {})
    assert slug in examples, f"{method} {path} of {service} does not document {answer.status_code} {slug}"
    unknown = set(said) - COMMON - set(_example(service, slug))
    assert not unknown, f"the example of {slug} does not show {sorted(unknown)}"


def _is_json(answer: Response) -> bool:
    return answer.headers.get("Content-Type", "").startswith("application/json") and bool(answer.content)


def _paths(value: Any, path: str) -> Iterator[str]:
    """The fields of an answer, named as ``docs/fields.md`` names them."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _paths(part, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for part in value:
            yield from _paths(part, f"{path}[]")
    elif value is not None and path:
        yield path


def _beyond(shown: set[str], documented: Iterable[str]) -> set[str]:
    """What is shown and not documented; what lies within a map that is documented belongs to it."""
    within = tuple(f"{one}{below}" for one in documented for below in (".", "[]"))
    return {path for path in shown - {*documented} if not path.startswith(within)}


@cache
def _fields(service: str, method: str, path: str) -> frozenset[str]:
    return frozenset(fields_of(service, _operation(service, method, path)))


@cache
def _operations(service: str) -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
    paths = api_of(service).openapi()["paths"]
    # A word of its own comes before a variable in its place.
    ordered = sorted(paths, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), paths[path]) for path in ordered]


def _operation(service: str, method: str, path: str) -> Any:
    found = (methods for pattern, methods in _operations(service) if pattern.fullmatch(path))
    return next(found, {}).get(method)


def _example(service: str, slug: str) -> Mapping[str, Any]:
    value: Mapping[str, Any] = api_of(service).openapi()["components"]["examples"][slug]["value"]
    return value
