"""Signposts through the API: to open doors alone, counted, and told to nobody there."""

from __future__ import annotations

from typing import Any

from shared.events.base import Role
from shared.events.organisations import OfferingKind, OfferingStatus
from shared.ids import new_id
from tests.integration.referrals.world import World

SIGNPOST = {
    "id", "version", "path_id", "need_id", "need_code", "offering_id", "date", "given_by", "given_at",
}  # fmt: skip


async def a_door(world: World, **changes: Any) -> str:
    offering = world.offering(
        world.association, offering_id=new_id(), kind=OfferingKind.OPEN_DOOR, required_fields=(), **changes
    )
    await world.hear(offering)
    return str(offering.offering_id)


async def test_a_signpost_is_given_and_the_need_stays_at_home(living_world: World) -> None:
    world = living_world
    need, door = await world.a_need(), await a_door(world)
    body = {"need_id": need["id"], "offering_id": door}

    answer = await world.call("POST", "/signposts", world.sender, body)
    second = await world.post("/signposts", world.token(world.sender, Role.TEAM_LEAD), body)
    await world.network.settle()

    given = answer.json()
    assert (answer.status_code, answer.headers["etag"], set(given)) == (201, '"1"', SIGNPOST)
    assert (given["need_code"], given["offering_id"]) == ("language", door)
    assert await world.get(answer.headers["location"], world.sender) == given
    assert (await world.get(f"/signposts?need_id={need['id']}", world.sender))["items"] == [second, given]
    page = await world.get(f"/signposts?need_id={need['id']}&limit=1", world.sender)
    rest = await world.get(f"/signposts?need_id={need['id']}&after={page['next']}", world.sender)
    assert page["items"] + rest["items"] == [second, given]
    assert await world.get(f"/needs/{need['id']}", world.sender) == need
    assert (await world.told(need["path_id"]))[2:] == ["signpost.given.v1"] * 2


async def test_nothing_about_the_person_leaves(living_world: World) -> None:
    world = living_world
    need = await world.a_need()
    given = await world.post(
        "/signposts", world.sender, {"need_id": need["id"], "offering_id": await a_door(world)}
    )
    await world.network.settle()
    there = world.association.organisation_id

    for token in (world.association, world.token(world.association, Role.CASEWORKER)):
        assert (await world.call("GET", f"/signposts/{given['id']}", token)).status_code in {403, 404}
    assert await world.sql("select * from signposts", as_=there) == []
    told = await world.sql("select organisation_id, body from log where type = 'signpost.given.v1'")
    assert str(there) not in str(told)
    assert await world.sql("select * from disclosures", as_=world.sender.organisation_id) == []


async def test_only_an_open_door_that_is_open_is_pointed_at(world: World) -> None:
    need = await world.a_need()

    async def problem(offering_id: Any) -> tuple[int, str]:
        body = {"need_id": need["id"], "offering_id": str(offering_id)}
        answer = await world.call("POST", "/signposts", world.sender, body)
        return answer.status_code, answer.json()["type"].removeprefix("/problems/")

    assert await problem(world.association.offering_id) == (409, "not-an-open-door")
    assert await problem(await a_door(world, status=OfferingStatus.ENDED)) == (409, "receiver-closed")
    assert await problem(new_id()) == (404, "not-found")
    draft = {**world.draft_body(need["id"]), "offering_id": await a_door(world)}
    referral = await world.post("/referrals", world.sender, {**draft, "items": []})
    await world.a_consent(referral, fields=[])
    refused = await world.command(referral, "send", world.sender)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/receiver-closed")


async def test_a_signpost_is_the_homes_and_the_persons(world: World) -> None:
    person = await world.a_person()
    need, door = await world.a_need(person["id"]), await a_door(world)
    body = {"need_id": need["id"], "offering_id": door}
    given = await world.post("/signposts", world.sender, body)
    herself, somebody = world.person_token(person["id"]), world.person_token(str(new_id()))
    colleague = world.token(world.sender, team=new_id())

    for path in (f"/signposts/{given['id']}", f"/signposts?need_id={need['id']}"):
        for by, status in (
            (herself, 200), (somebody, 404), (world.stranger, 404), (colleague, 403),
            (world.token(world.sender, Role.RECIPIENT), 403),
        ):  # fmt: skip
            assert (await world.call("GET", path, by)).status_code == status, path
    for by, status in (
        (herself, 403), (somebody, 404), (world.stranger, 404), (colleague, 403),
        (world.token(world.sender, Role.RECIPIENT), 403),
    ):  # fmt: skip
        assert (await world.call("POST", "/signposts", by, body)).status_code == status
    assert len((await world.get(f"/signposts?need_id={need['id']}", world.sender))["items"]) == 1


async def test_the_same_key_counts_once(world: World) -> None:
    need = await world.a_need()
    body = {"need_id": need["id"], "offering_id": await a_door(world)}

    first = await world.call("POST", "/signposts", world.sender, body, key="same")
    again = await world.call("POST", "/signposts", world.sender, body, key="same")

    assert first.json() == again.json()
    assert len((await world.get(f"/signposts?need_id={need['id']}", world.sender))["items"]) == 1
