"""``docs/fields.md``: every field of every answer, who is answered, and who may see the words in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.keys import RECORDED

from .openapi import api_of
from .roles_page import routes_of

Json = dict[str, Any]

HEAD = """# Every field of every answer

Generated from the services' OpenAPI by `python -m deploy.documents`; a stale page is red.
So is an answer in any test with a field that does not stand here, and a field for words without a scope.
A field without a scope of its own holds ids, codes, numbers or times, for whoever the route is for.
"""

HERS = "the person, and her home's own staff"
WORDS = "the side that wrote it, the home, and the person; another side what was said to it"
GIVEN = "the person and her home; the receiver for as long as its consent lives"
PUBLIC = "everybody who takes part: the directory"
OWN = "the own organisation"
OF_HSDS = f"{PUBLIC}; of what is open to everybody, without signing in"

SCOPES: Mapping[str, str] = {
    "organisations.access_token": "whoever has just proven who she is",
    "organisations.address": f"of an open door {PUBLIC}, a protected place has none; of a provider, to go to",
    "organisations.closes": PUBLIC,
    "organisations.description": OF_HSDS,
    **dict.fromkeys(
        (
            "organisations.address_1",
            "organisations.address_type",
            "organisations.byday",
            "organisations.city",
            "organisations.country",
            "organisations.document",
            "organisations.eligibility_description",
            "organisations.extent",
            "organisations.extent_type",
            "organisations.freq",
            "organisations.identifier",
            "organisations.identifier_scheme",
            "organisations.identifier_type",
            "organisations.language",
            "organisations.link_entity",
            "organisations.link_type",
            "organisations.location_type",
            "organisations.openapi_url",
            "organisations.postal_code",
            "organisations.profile",
            "organisations.state_province",
            "organisations.status",
            "organisations.taxonomy",
            "organisations.version",
            "organisations.wkst",
        ),
        OF_HSDS,
    ),
    "organisations.activities": PUBLIC,
    "organisations.id": "whoever has just signed in: her session, once",
    "organisations.keys": "everybody: public keys",
    "organisations.label": "everybody: what a provider is called",
    "organisations.login": OWN,
    "organisations.name": f"of an organisation, team or offering {PUBLIC}; of staff {OWN}",
    "organisations.observed_said": "whoever asked: our own words on how an offering has answered",
    "organisations.opens": PUBLIC,
    "organisations.organisation": "everybody, without signing in: whose an open offering is",
    "organisations.said": "whoever asked: our own words on a rule of the directory",
    "organisations.organisation_number": PUBLIC,
    "organisations.services": f"{OWN}: its directory as it goes out, with every field that came in",
    "organisations.file": OWN,
    "organisations.field": OWN,
    "organisations.message": f"{OWN}: our own words on a row that it sent",
    "organisations.provider": OF_HSDS,
    "organisations.secret": "whoever invites, once: it is for the one who is invited",
    "organisations.why": PUBLIC,
    "referrals.age_band": "both sides: coarse, and coarser where few live",
    "referrals.conditions": "both sides and the person",
    "referrals.family_name": HERS,
    "referrals.given_name": HERS,
    "referrals.goal": HERS,
    "referrals.ground": "the holder who says it, the person and her home",
    "referrals.language": "both sides and the person",
    "referrals.message": GIVEN,
    "referrals.names": "everybody who takes part: of a step in a template",
    "referrals.purpose": "both sides and the person",
    "referrals.sentence": WORDS,
    "referrals.text": WORDS,
    "referrals.value": GIVEN,
    "referrals.why": GIVEN,
    "referrals.words": WORDS,
    "tracing.error": "the network's administrators: a fault's class and code, never its text",
}
"""Who may see the words of a field."""

PLAIN = re.compile(
    r"(^|_)(at|modified|since|from|until|by|sha256|key)$|^(after|away|code|next|service|stream|teller|type|waiting|chain|checkpoint)$"
)
"""Instants, digests, cursors and names of our own making."""


class NoScope(LookupError):  # noqa: N818 - said of a field
    """A field that can hold words, of which nobody has said who may see it."""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def fields_of(service: str, operation: Json) -> dict[str, bool]:
    """Each field of a route's good answers by its path, and whether it can hold words."""
    schemas = api_of(service).openapi()["components"]["schemas"]
    found: dict[str, bool] = {}
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            for content in answer.get("content", {}).values():
                found |= dict(_fields(content.get("schema", {}), schemas, ""))
    return found


def scope_of(service: str, path: str) -> str:
    """Who may see the words of a field; raises ``NoScope``."""
    field = f"{service}.{_name(path)}"
    if field not in SCOPES:
        raise NoScope(f"{service}: {path}")
    return SCOPES[field]


def _name(path: str) -> str:
    return path.rpartition(".")[2].removesuffix("[]")


def _fields(schema: Json, schemas: Mapping[str, Json], path: str) -> Iterator[tuple[str, bool]]:
    if "$ref" in schema:
        yield from _fields(schemas[schema["$ref"].rpartition("/")[2]], schemas, path)
        return
    for one in schema.get("anyOf", ()):
        yield from _fields(one, schemas, path)
    if "items" in schema:
        yield from _fields(schema["items"], schemas, f"{path}[]")
    for name, part in schema.get("properties", {}).items():
        yield from _fields(part, schemas, f"{path}.{name}".lstrip("."))
    if schema.get("type") not in {"array", "object", "null", None} and path:
        is_text = schema["type"] == "string" and not schema.keys() & {"format", "enum", "const", "pattern"}
        yield path, is_text and not PLAIN.search(_name(path))
    if schema.get("type") == "object" and "properties" not in schema and path:
        yield path, not PLAIN.search(_name(path))


def _lines() -> Iterator[str]:
    yield HEAD
    for service in RECORDED:
        yield f"## {service}\n"
        paths = api_of(service).openapi()["paths"]
        for route in routes_of(service):
            fields = fields_of(service, paths[route.path][route.method.lower()])
            yield f"### `{route.method} {route.path}`\n\nFor {route.who}.\n"
            if codes := [f"`{path}`" for path, words in fields.items() if not words]:
                yield ", ".join(codes) + "\n"
            if words := [path for path, words in fields.items() if words]:
                yield "| words | who |\n| --- | --- |"
                yield from (f"| `{path}` | {scope_of(service, path)} |" for path in words)
                yield ""
