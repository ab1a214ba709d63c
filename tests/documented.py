"""Every refusal that a test meets must stand in the service's OpenAPI, with an example of its members."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from httpx2 import Response

from deploy.documents.openapi import api_of
from shared.openapi import PROBLEM

COMMON = {"type", "title", "status", "detail"}


def must_be_documented(service: str, method: str, path: str, answer: Response) -> None:
    """Fail on a problem that the route's documentation does not know, or with members it does not show."""
    operation = _operation(service, method.lower(), path.partition("?")[0])
    if operation is None or answer.headers.get("Content-Type") != PROBLEM:
        return
    said = answer.json()
    slug = said["type"].removeprefix("/problems/")
    told = operation["responses"].get(str(answer.status_code), {}).get("content", {})
    examples = told.get(PROBLEM, {}).get("examples", {})
    assert slug in examples, f"{method} {path} of {service} does not document {answer.status_code} {slug}"
    unknown = set(said) - COMMON - set(_example(service, slug))
    assert not unknown, f"the example of {slug} does not show {sorted(unknown)}"


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
