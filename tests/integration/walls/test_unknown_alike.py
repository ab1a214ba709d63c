"""Unknown, foreign, locked and emptied are one answer: the same status, bytes, headers and statements.

Every route of every service that takes an id of a person, or of what is hers, in its address, query or body.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest

from services.organisations.queries.lists import DEPARTED
from services.referrals.store.directory import LEFT
from shared.events.base import Role
from tests.integration.referrals.protecting import Kept, a_whole_life, locked
from tests.integration.referrals.world import World
from tests.integration.walls.asking import HERS, Asking, asking
from tests.integration.walls.statements import Asked

CHANGES_BY_ITSELF = {"date", "x-correlation-id"}


def hers(kept: Kept) -> dict[str, str]:
    """One id of each kind: of what the receiver had opened, where it had."""
    return {name: kept.ids[name][1 if name in {"referral_id", "consent_id"} else 0] for name in HERS}


def nobodys() -> dict[str, str]:
    return {name: str(uuid4()) for name in HERS}


def is_a_poll(text: str) -> bool:
    """What an API asks by itself: nobody's request has to do with it."""
    return "live_notices" in text or text.strip() in {DEPARTED, LEFT}


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
    reports = set(asked.taken())

    for one in (route for route in asking() if route.takes_hers):
        for who, token, ids in callers(world, one, locked_one=hers(kept), foreign=hers(foreign)):
            both = []
            for about in (ids, nobodys()):
                asked.taken()
                said = await answer(world, one, token, about)
                both.append(
                    (said, [text for text in asked.taken() if text not in reports and not is_a_poll(text)])
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
