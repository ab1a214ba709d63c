"""A need's own life through the API: commands, refusals, the clock, what a referral does to it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.homes import BODIES, command, done
from tests.integration.referrals.world import World

NEED = {
    "id", "version", "state", "allowed", "path_id", "step_id", "code", "theme", "area", "urgency",
    "home_organisation_id", "accountable_organisation_id", "open_referral_id", "open_offer_id",
    "said_no_at", "parked_until", "closed_as", "created_at",
}  # fmt: skip


async def test_a_need_has_its_promised_shape_and_lives(world: World) -> None:
    need = await world.a_need()
    lead = world.token(world.sender, Role.TEAM_LEAD)

    parked = await done(world, need, "park")
    unparked = await done(world, parked, "unpark", lead)
    closed = await done(world, unparked, "close", lead)
    reopened = await done(world, closed, "reopen")

    assert set(need) == NEED
    assert (need["state"], need["allowed"]) == ("open", ["park", "close", "transfer"])
    assert (parked["state"], parked["parked_until"], parked["allowed"]) == (
        "parked",
        "2099-01-01",
        ["unpark", "transfer"],
    )
    assert (unparked["state"], unparked["parked_until"]) == ("open", None)
    assert (closed["state"], closed["closed_as"], closed["allowed"]) == ("closed", "met", ["reopen"])
    assert (reopened["state"], reopened["closed_as"], reopened["version"]) == ("open", None, 5)
    assert await world.get(f"/needs/{need['id']}", world.sender) == reopened


async def test_what_was_said_is_read_by_home_and_person_and_stands_in_clear_nowhere(world: World) -> None:
    person = await world.a_person()
    need = await world.a_need(person["id"])
    closed = await done(world, need, "close", body={"as": "unmet", "sentence": "Hemlig mening till Amina"})
    await done(world, closed, "reopen", body={"reason": "Hemligt skäl"})
    path, herself = f"/needs/{need['id']}/timeline", world.person_token(person["id"])

    turns = (await world.get(path, herself))["items"]
    first = await world.get(f"{path}?limit=1", world.sender)
    rest = await world.get(f"{path}?after={first['next']}", world.sender)

    assert [(turn["command"], turn["state"], turn["words"]) for turn in turns] == [
        ("state", "open", None),
        ("close", "closed", "Hemlig mening till Amina"),
        ("reopen", "open", "Hemligt skäl"),
    ]
    assert {turn["by_organisation_id"] for turn in turns} == {str(world.sender.organisation_id)}
    assert first["items"] + rest["items"] == turns
    assert "Hemlig" not in await world.dump()
    reads = await world.sql("select read, object_id from access_log", as_=world.sender.organisation_id)
    assert [(row["read"], str(row["object_id"])) for row in reads] == [("path", need["path_id"])] * 3


async def test_needs_are_listed_by_state(world: World) -> None:
    opened, parked = await world.a_need(), await done(world, await world.a_need(), "park")

    async def ids(query: str) -> list[str]:
        return [one["id"] for one in (await world.get(f"/needs{query}", world.sender))["items"]]

    assert await ids("") == [parked["id"], opened["id"]]
    assert await ids("?state=parked") == [parked["id"]]
    assert await ids("?state=open&state=parked") == [parked["id"], opened["id"]]
    assert await ids(f"?state=open&path_id={parked['path_id']}") == []
    assert (await world.call("GET", "/needs?state=sleepy", world.sender)).status_code == 422


@pytest.mark.parametrize("name", BODIES)
async def test_a_needs_commands_have_their_refusals_in_order(world: World, name: str) -> None:
    person = await world.a_person()
    need = await world.a_need(person["id"])
    if name == "unpark":
        need = await done(world, need, "park")
    if name == "reopen":
        need = await done(world, need, "close")
    unknown = await command(world, {**need, "id": new_id()}, name, world.stranger)
    colleague = world.token(world.sender, team=new_id())

    async def problem(by: Any, **more: Any) -> tuple[int, str]:
        answer = await command(world, need, name, by, **more)
        return answer.status_code, answer.json()["type"].removeprefix("/problems/")

    foreign = await command(world, need, name, world.stranger, version=99)
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert await problem(world.token(world.sender, Role.RECIPIENT), version=99) == (403, "role-missing")
    assert await problem(world.person_token(person["id"]), version=99) == (403, "role-missing")
    assert await problem(world.person_token(str(new_id()))) == (404, "not-found")
    assert await problem(colleague, version=99) == (403, "not-your-side")
    assert await problem(world.sender, version=99) == (412, "version-stale")
    assert await problem(world.sender, body={"colour": "red"}) == (422, "invalid")
    missing = await world.call("POST", f"/needs/{need['id']}/{name}", world.sender, BODIES[name])
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/version-missing")
    assert await world.get(f"/needs/{need['id']}", world.sender) == need


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("park", {"until": "2020-01-01"}),
        ("park", {"until": "tomorrow"}),
        ("close", {"as": "forgotten", "sentence": "x"}),
        ("close", {"as": "met"}),
        ("close", {"as": "met", "sentence": "x" * 601}),
        ("reopen", {"reason": ""}),
    ],
)
async def test_a_malformed_command_changes_nothing(world: World, name: str, body: dict[str, Any]) -> None:
    need = await world.a_need()

    answer = await command(world, need, name, body=body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert await world.get(f"/needs/{need['id']}", world.sender) == need


async def test_a_command_in_the_wrong_state_says_what_is_allowed(world: World) -> None:
    need = await world.a_need()
    parked = await done(world, need, "park")

    for name in ("park", "close", "reopen"):
        answer = await command(world, parked, name)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")
        assert (answer.json()["state"], answer.json()["allowed"]) == ("parked", ["unpark", "transfer"])


async def test_a_stale_version_is_told_the_turns_since(world: World) -> None:
    need = await world.a_need()
    await done(world, need, "park")

    answer = await command(world, need, "close")

    assert answer.status_code == 412
    assert [(turn["command"], turn["by_side"], turn["state"]) for turn in answer.json()["changed"]] == [
        ("park", "home", "parked")
    ]
    assert set(answer.json()["changed"][0]) == {"at", "command", "by_organisation_id", "by_side", "state"}


async def test_the_same_key_closes_once(world: World) -> None:
    need = await world.a_need()

    first = await command(world, need, "close", key="same")
    again = await command(world, need, "close", key="same")
    other = await command(world, need, "close", key="same", body={"as": "unmet", "sentence": "Nej."})

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert len((await world.get(f"/needs/{need['id']}/timeline", world.sender))["items"]) == 2


async def test_of_many_parks_at_once_one_is_done(world: World) -> None:
    need = await world.a_need()

    answers = await asyncio.gather(*(command(world, need, "park") for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 7]
    assert (await world.get(f"/needs/{need['id']}", world.sender))["version"] == 2
