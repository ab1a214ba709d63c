"""Unknown, foreign, locked and emptied are one answer: the same status, bytes, headers and statements.

Every route of every service that takes an id of a person, or of what is hers, in its address, query or body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from deploy.documents.openapi import api_of
from shared.events.base import Role
from tests.integration.referrals.protecting import Kept, a_whole_life, locked
from tests.integration.referrals.world import World
from tests.integration.walls.statements import Asked

SERVICES = ("organisations", "referrals", "notifications", "tracing")
CHANGES_BY_ITSELF = {"date", "x-correlation-id"}
HERS = (
    "person_id", "path_id", "need_id", "referral_id", "consent_id", "offer_id", "disclosure_id",
    "transfer_id", "signpost_id", "step_id", "rating_id", "outcome_id",
)  # fmt: skip
ALONE = {"GET /consent-texts": "offer_id", "GET /consents": "offer_id", "POST /consents": "offer_id"}
"""What is asked about a referral or else an offer; about the referral here."""
FOR_SERVICES = {"GET /locked-paths"}
"""What only a service asks, in the person's interest."""


@dataclass(frozen=True)
class Asking:
    """A route, and by which names it takes ids of hers."""

    service: str
    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def in_query(self) -> list[str]:
        return [one for one in self._names("query") if one in HERS and one != ALONE.get(self.name)]

    @property
    def body(self) -> Any:
        content = self.operation.get("requestBody", {}).get("content", {})
        return next((one["example"] for one in content.values()), None)

    @property
    def takes_hers(self) -> bool:
        in_body = set(self.body or ()) & set(HERS)
        return bool(set(self._names("path")) & set(HERS) or self.in_query or in_body)

    @property
    def roles(self) -> list[Role]:
        return [Role(one) for one in self.operation.get("x-roles", ()) if one != Role.PERSON]

    def _names(self, where: str) -> list[str]:
        return [one["name"] for one in self.operation.get("parameters", ()) if one["in"] == where]

    def address(self, ids: Mapping[str, str]) -> str:
        query = "&".join(f"{name}={ids[name]}" for name in self.in_query)
        if self.path == "/consent-texts":
            query += "&kind=secrecy_release&language=sv"
        return self.path.format(**ids) + (f"?{query}" if query else "")

    def about(self, ids: Mapping[str, str]) -> Any:
        body = self.body
        if not isinstance(body, dict):
            return body
        said = {name: ids.get(name, value) for name, value in body.items() if name != ALONE.get(self.name)}
        return said | ({"referral_id": ids["referral_id"]} if self.path == "/consents" else {})


def asking() -> Iterator[Asking]:
    for service in SERVICES:
        for path, methods in api_of(service).openapi()["paths"].items():
            for method, operation in methods.items():
                one = Asking(service, method.upper(), path, operation)
                if one.takes_hers and one.name not in FOR_SERVICES:
                    yield one


def hers(kept: Kept) -> dict[str, str]:
    """One id of each kind: of what the receiver had opened, where it had."""
    return {name: kept.ids[name][1 if name in {"referral_id", "consent_id"} else 0] for name in HERS}


def nobodys() -> dict[str, str]:
    return {name: str(uuid4()) for name in HERS}


async def answer(world: World, one: Asking, token: str, ids: Mapping[str, str]) -> tuple[int, bytes, Any]:
    said = await world.network.call(
        one.service, one.method, one.address(ids), token=token, json=one.about(ids), version=1
    )
    kept = sorted((k.lower(), v) for k, v in said.headers.items() if k.lower() not in CHANGES_BY_ITSELF)
    text = said.content
    for value in ids.values():
        assert value.encode() not in text, one.name
    return said.status_code, text, kept


async def test_each_route_answers_for_her_as_for_nobody(
    wide_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = wide_world
    foreign, kept = await a_whole_life(world), await a_whole_life(world)
    await locked(world, kept)
    await world.network.settle()
    for name in list(world.network.workers):
        await world.network.stop_worker(name)
    asked, unlike, found = Asked(monkeypatch), [], []
    # What tracing asks the services themselves for, and remembers for a second.
    await world.network.call("tracing", "GET", "/operations", token=world.network.token(Role.NETWORK_ADMIN))
    reports = set(asked.taken()) - {"begin"}

    for one in asking():
        for who, token, ids in callers(world, one, locked_one=hers(kept), foreign=hers(foreign)):
            both = []
            for about in (ids, nobodys()):
                asked.taken()
                said = await answer(world, one, token, about)
                both.append(
                    (
                        said,
                        [
                            text
                            for text in asked.taken()
                            if text not in reports and "live_notices" not in text
                        ],
                    )
                )
            if both[0] != both[1]:
                unlike.append((one.name, who, [b for a, b in zip(*both, strict=True) if a != b]))
            found.append((one.name, both[0][0][0]))

    assert unlike == []
    statuses = {status for _, status in found}
    assert statuses <= {200, 403, 404, 422}, found
    assert {name for name, status in found if status == 200} == {"GET /paths", "GET /needs", "GET /referrals"}
    assert len({name for name, status in found if status == 404}) > 70
    assert "GET /paths/{path_id}/trace" in {name for name, status in found if status == 404}


def callers(
    world: World, one: Asking, *, locked_one: dict[str, str], foreign: dict[str, str]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Her former team, a receiver of hers, a stranger, and other persons; each in the route's roles."""
    if one.service == "tracing":
        yield "admin", world.network.token(Role.NETWORK_ADMIN), locked_one
        return
    if one.roles:
        yield "colleague", world.token(world.sender, *one.roles), locked_one
        yield "receiver", world.token(world.association, *one.roles), locked_one
        yield "stranger", world.token(world.stranger, *one.roles), locked_one
        yield "stranger to one who is not locked", world.token(world.stranger, *one.roles), foreign
    if Role.PERSON in one.operation.get("x-roles", ()):
        yield "another person", world.person_token(foreign["person_id"]), locked_one
