"""Every route of every service, from its OpenAPI, and every place of it in which an id can stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from deploy.documents.openapi import api_of
from deploy.keys import RECORDED
from shared.openapi import example_of

Json = dict[str, Any]
Place = tuple[str, ...]
"""Where an id stands: ``("path", name)``, ``("query", name)`` or ``("body", name, …)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that can be sent."""

    service: str
    method: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None

    @property
    def address(self) -> str:
        asked = f"?{urlencode(self.query)}" if self.query else ""
        return self.path.format(**self.values) + asked

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    def having(self, place: Place, value: str) -> Request:
        """The same with another id in one place."""
        where, *names = place
        if where == "path":
            return replace(self, values={**self.values, names[0]: value})
        if where == "query":
            return replace(self, query={**self.query, names[0]: value})
        return replace(self, body=_put(self.body, names, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One route as its document describes it."""

    service: str
    method: str
    path: str
    said: Json
    schemas: Mapping[str, Json]

    def __str__(self) -> str:
        return f"{self.service} {self.method} {self.path}"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(self.said.get("x-roles", ()))

    def parameters(self, where: str) -> Iterator[str]:
        """The parameters that hold an id."""
        for one in self.said.get("parameters", ()):
            if one["in"] == where and (where == "path" or _is_id(one["schema"])):
                yield one["name"]

    def filters(self) -> Iterator[tuple[str, str]]:
        """Each parameter of the query that has a choice, with each thing that can be chosen."""
        for one in self.said.get("parameters", ()):
            if one["in"] == "query":
                yield from ((one["name"], chosen) for chosen in _choices(one["schema"], self.schemas))

    def places(self) -> list[Place]:
        """Where an id can stand."""
        names = [(where, name) for where in ("path", "query") for name in self.parameters(where)]
        return [*names, *(("body", *place) for place in _ids(self._body(), self.schemas))]

    def _body(self) -> Json | None:
        content = self.said.get("requestBody", {}).get("content", {}).get("application/json", {})
        schema: Json | None = content.get("schema")
        return schema

    def request(self, known: Callable[[str], str]) -> Request:
        """A request of the right shape, with the ids that it needs as they are known by their names."""
        schema = self._body()
        made = Request(
            service=self.service,
            method=self.method,
            path=self.path,
            values={name: known(name) for name in self.parameters("path")},
            body=None if schema is None else self._example(schema),
        )
        for place in self.places():
            if place[0] == "body" and place[1] in (made.body or {}):
                made = made.having(place, known(name_in(place)))
        return made

    def _example(self, schema: Json) -> Json:
        """An example of a body without the ids that it can do without."""
        needed = _resolved(schema, self.schemas).get("required", ())
        optional = {name for name, *rest in _ids(schema, self.schemas) if not rest} - {*needed}
        example = example_of(schema, self.schemas)
        return {name: value for name, value in example.items() if name not in optional}


def name_in(place: Place) -> str:
    """What the id is called there; for one of a list what the list is called."""
    return next(part for part in reversed(place) if not part.isdigit())


def operations(*services: str) -> list[Operation]:
    """Every published route of these services, or of all."""
    return list(_operations(services or RECORDED))


def _operations(services: tuple[str, ...]) -> Iterator[Operation]:
    for service in services:
        document = api_of(service).openapi()
        schemas = document["components"]["schemas"]
        for path, methods in document["paths"].items():
            for method, said in methods.items():
                yield Operation(service=service, method=method.upper(), path=path, said=said, schemas=schemas)


def _resolved(schema: Json, schemas: Mapping[str, Json]) -> Json:
    if "$ref" in schema:
        return schemas[schema["$ref"].rpartition("/")[2]]
    return schema


def _is_id(schema: Json) -> bool:
    return any(one.get("format") == "uuid" for one in (schema, *schema.get("anyOf", ())))


def _choices(schema: Json, schemas: Mapping[str, Json]) -> Iterator[str]:
    for part in schema.get("anyOf", [schema]):
        whole = _resolved(part.get("items", part), schemas)
        yield from whole.get("enum", ["true", "false"] if whole.get("type") == "boolean" else [])


def _ids(schema: Json | None, schemas: Mapping[str, Json]) -> Iterator[tuple[str, ...]]:
    whole = _resolved(schema or {}, schemas)
    for name, part in whole.get("properties", {}).items():
        if _is_id(part):
            yield (name,)
        elif part.get("type") == "array":
            item = _resolved(part["items"], schemas)
            yield from ((name, "0", *rest) for rest in ([()] if _is_id(item) else _ids(item, schemas)))
        elif "$ref" in part:
            yield from ((name, *rest) for rest in _ids(part, schemas))


def _put(body: Any, names: list[str], value: str) -> Any:
    if not names:
        return value
    name, *rest = names
    if name.isdigit():
        return [_put(body[0], rest, value), *body[1:]]
    return {**body, name: _put(body.get(name), rest, value)}
