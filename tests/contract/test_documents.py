"""The generated papers say what the code says; comparing never writes, nor does a broken promise."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from deploy.documents.__main__ import main
from deploy.documents.papers import FOLDERS, ROOT, stale
from deploy.documents.published import RELEASED
from deploy.documents.roles_page import routes_of
from deploy.keys import RECORDED
from shared.events import EVERY_EVENT, TOLD_BY
from shared.events.base import Role

ASYNCAPI = ROOT / "docs/asyncapi.json"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the generated papers."""
    for folder in {"docs", *FOLDERS}:
        shutil.copytree(ROOT / folder, tmp_path / folder, dirs_exist_ok=True)
    return tmp_path


def contents(root: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_the_papers_are_as_the_code() -> None:
    assert stale(ROOT) == [], "run python -m deploy.documents"


@pytest.mark.parametrize(
    "paper", ["docs/events.md", "docs/asyncapi.json", "docs/roles.md", "docs/openapi/referrals.json"]
)
def test_a_stale_paper_is_named_and_left_alone_until_it_is_written(copy: Path, paper: str) -> None:
    (copy / paper).write_text("something else")
    before = contents(copy)

    assert main(["--check"], copy) == 1
    assert contents(copy) == before
    assert main([], copy) == 0
    assert main(["--check"], copy) == 0


def test_a_paper_of_nothing_is_stale_and_goes(copy: Path) -> None:
    stray = copy / "docs/openapi/astrology.json"
    stray.write_text("{}")

    assert stale(copy) == ["docs/openapi/astrology.json"]
    assert main([], copy) == 0
    assert not stray.exists()


def test_a_broken_promise_is_refused_and_nothing_is_written(copy: Path) -> None:
    released = copy / RELEASED
    released.write_text(released.read_text() + "referral.sent.v1 colour required integer\n")
    (copy / "docs/events.md").write_text("something else")
    before = contents(copy)

    assert main([], copy) == 1
    assert contents(copy) == before


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(ASYNCAPI.read_text())
    return loaded


def test_the_asyncapi_document_has_faststreams_shape(asyncapi: dict[str, Any]) -> None:
    whole = ApplicationSchema.model_validate(asyncapi)

    assert whole.asyncapi == "3.0.0"
    assert whole.channels.keys() == TOLD_BY.keys()
    assert {event.type for event in EVERY_EVENT} <= asyncapi["components"]["messages"].keys()


def test_every_reference_in_the_asyncapi_document_resolves(asyncapi: dict[str, Any]) -> None:
    references = re.findall(r'"\$ref": "#/([^"]*)"', ASYNCAPI.read_text())

    assert len(references) > len(EVERY_EVENT)
    for reference in references:
        found = asyncapi
        for name in reference.split("/"):
            found = found[name]


def test_the_payloads_of_the_asyncapi_document_are_json_schemas(asyncapi: dict[str, Any]) -> None:
    schemas = asyncapi["components"]["schemas"]

    assert len(schemas) >= len(EVERY_EVENT)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


SIGNING_IN = {
    "POST /sessions",
    "GET /sessions/current",
    "DELETE /sessions/current",
    "GET /sessions/current/way-out",
    "GET /identity-providers",
    "POST /sign-ins",
    "POST /sign-ins/completion",
    "POST /sign-ins/card",
    "POST /tokens",
}
HSDS = {
    "GET /hsds/",
    "GET /hsds/services",
    "GET /hsds/services/{offering_id}",
    "GET /hsds/organizations",
    "GET /hsds/organizations/{organisation_id}",
    "GET /hsds/taxonomies",
    "GET /hsds/taxonomy_terms",
}
"""The open part of the directory; with an access token the rest of it too."""
OPEN = {
    "organisations": SIGNING_IN
    | HSDS
    | {"GET /jwks", "GET /public/offerings", "POST /invitations/acceptance"},
    "referrals": set(),
    "notifications": set(),
    "tracing": set(),
}
"""The only published routes that ask for no access token: there one comes from, or all may read it."""


@pytest.mark.parametrize("service", RECORDED)
def test_no_route_is_open_but_those_that_must_be(service: str) -> None:
    open_routes = {f"{route.method} {route.path}" for route in routes_of(service) if not route.needs_token}

    assert open_routes == OPEN[service]


@pytest.mark.parametrize("service", RECORDED)
def test_the_roles_of_a_route_are_roles(service: str) -> None:
    named = {role for route in routes_of(service) for role in route.roles}

    assert named <= set(Role)
