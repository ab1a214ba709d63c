"""A need gets a new home: offered, taken with the person's release, refused, taken back."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.homes import a_path_there, an_offer, answer, asked, offer, take
from tests.integration.referrals.world import World

TRANSFER = {
    "id", "version", "state", "allowed", "need_id", "path_id", "from_organisation_id", "to_organisation_id",
    "taken_need_id", "offered_at", "decided_at",
}  # fmt: skip


async def test_a_taken_need_has_a_new_home_and_is_closed_at_the_old(living_world: World) -> None:
    world = living_world
    transfer, path = await an_offer(world), await a_path_there(world)

    taken = await take(world, transfer, path_id=path["id"])
    old = await world.get(f"/needs/{transfer['need_id']}", world.sender)
    new = await world.get(f"/needs/{taken.json()['taken_need_id']}", asked(world))
    await world.network.settle()

    assert (taken.status_code, taken.headers["etag"], set(taken.json())) == (200, '"2"', TRANSFER)
    assert (taken.json()["state"], taken.json()["allowed"]) == ("taken", [])
    assert (old["state"], old["closed_as"], old["version"]) == ("closed", "moved", 3)
    assert (new["state"], new["path_id"], new["version"]) == ("open", path["id"], 1)
    assert {new[name] == old[name] for name in ("code", "theme", "area", "urgency")} == {True}
    assert new["home_organisation_id"] == str(world.association.organisation_id)
    assert (await world.told(transfer["path_id"]))[-3:] == [
        "need.transfer_offered.v1", "need.closed.v1", "need.transferred.v1",
    ]  # fmt: skip
    assert await world.told(path["id"]) == ["path.opened.v1", "need.stated.v1"]


async def test_two_homes_keep_two_records_without_a_bridge(world: World) -> None:
    transfer = await an_offer(world)
    taken = (await take(world, transfer)).json()

    at_home = await world.get(f"/transfers/{transfer['id']}", world.sender)
    over_there = await world.call("GET", f"/needs/{transfer['need_id']}", asked(world))
    over_here = await world.call("GET", f"/needs/{taken['taken_need_id']}", world.sender)

    assert (at_home["state"], at_home["taken_need_id"]) == ("taken", None)
    assert (over_there.status_code, over_here.status_code) == (404, 404)
    for path in (f"/persons/{new_id()}", f"/paths/{transfer['path_id']}"):
        assert (await world.call("GET", path, asked(world))).status_code == 404


async def test_until_it_is_taken_the_old_home_stays(world: World) -> None:
    transfer = await an_offer(world)

    need = await world.get(f"/needs/{transfer['need_id']}", world.sender)

    assert (need["state"], need["version"]) == ("open", 2)
    assert need["home_organisation_id"] == need["accountable_organisation_id"]
    assert need["home_organisation_id"] == str(world.sender.organisation_id)
    assert (set(transfer), transfer["state"], transfer["allowed"]) == (
        TRANSFER,
        "offered",
        ["take", "refuse"],
    )


async def test_nothing_is_taken_without_the_persons_release(world: World) -> None:
    transfer, path = await an_offer(world, released=False), await a_path_there(world)
    need = await world.get(f"/needs/{transfer['need_id']}", world.sender)
    draft = await world.a_draft(need)

    async def refusal() -> tuple[int, str]:
        answer = await take(world, transfer, path_id=path["id"])
        return answer.status_code, answer.json()["type"]

    assert await refusal() == (409, "/problems/consent-missing")
    await world.a_consent(draft, answer="no", given_by=[])
    assert await refusal() == (409, "/problems/consent-missing")
    consent = await world.a_consent(draft)
    await world.post(f"/consents/{consent['id']}/withdrawal", world.sender, {})
    assert await refusal() == (409, "/problems/consent-missing")
    await world.a_consent(await world.a_draft())
    assert await refusal() == (409, "/problems/consent-missing")
    await world.a_consent(await world.a_draft(need))
    assert await world.get(f"/needs/{need['id']}", world.sender) == need
    assert (await take(world, transfer, path_id=path["id"])).status_code == 200


async def test_a_release_to_another_or_that_has_run_out_is_none(living_world: World) -> None:
    world = living_world
    transfer, path = await an_offer(world), await a_path_there(world)

    for statement in (
        "update consents set to_organisation_id = from_organisation_id",
        "update consents set kind = 'participation'",
        "update consents set valid_until = app_now()",
        "update consents set valid_from = app_now() + interval '1 minute'",
    ):
        # Without the trigger that keeps a consent's edge as it was given.
        await world.as_owner(
            f"set session_replication_role = replica; create table kept as table consents; {statement}"
        )
        refused = await take(world, transfer, path_id=path["id"])
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/consent-missing"), statement
        await world.as_owner(
            "set session_replication_role = replica;"
            " update consents c set to_organisation_id = k.to_organisation_id, kind = k.kind,"
            " valid_from = k.valid_from, valid_until = k.valid_until from kept k where k.id = c.id;"
            " drop table kept"
        )
    assert (await take(world, transfer, path_id=path["id"])).status_code == 200


async def test_an_offer_is_refused_or_taken_back_and_then_another_may_be_made(living_world: World) -> None:
    world = living_world
    transfer = await an_offer(world)
    need = await world.get(f"/needs/{transfer['need_id']}", world.sender)

    twice = await offer(world, need, world.housing)
    refused = await answer(world, transfer, "refuse", asked(world))
    second = await offer(world, need, world.housing)
    mine = (await world.get("/transfers?box=out", world.sender))["items"]
    recalled = await answer(world, mine[0], "recall", world.sender)
    late = await answer(world, mine[0], "refuse", world.token(world.housing, Role.TEAM_LEAD), version=2)
    await world.network.settle()

    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/transfer-offered")
    assert (refused.status_code, refused.json()["state"]) == (200, "refused")
    assert second.status_code == 200
    assert [one["state"] for one in mine] == ["offered", "refused"]
    assert (recalled.status_code, recalled.json()["state"]) == (200, "recalled")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/illegal-command")
    assert (late.json()["state"], late.json()["allowed"]) == ("recalled", [])
    assert (await world.told(need["path_id"]))[-4:] == [
        "need.transfer_offered.v1", "need.transfer_refused.v1", "need.transfer_offered.v1",
        "need.transfer_recalled.v1",
    ]  # fmt: skip


async def test_boxes_hold_what_was_offered_to_and_by(world: World) -> None:
    first, second = await an_offer(world), await an_offer(world)

    async def ids(query: str, by: Any) -> list[str]:
        return [one["id"] for one in (await world.get(f"/transfers{query}", by))["items"]]

    assert await ids("?box=in", asked(world)) == [second["id"], first["id"]]
    assert await ids("?box=out", asked(world)) == []
    assert await ids("?box=out", world.sender) == await ids("", world.sender) == [second["id"], first["id"]]
    assert await ids("?box=in", world.sender) == await ids("", world.stranger) == []
    assert await ids("?box=out", world.token(world.sender, team=new_id())) == []
    page = await world.get("/transfers?limit=1", world.sender)
    assert await ids(f"?limit=1&after={page['next']}", world.sender) == [first["id"]]


async def test_a_transfer_is_read_by_its_two_sides(world: World) -> None:
    transfer = await an_offer(world)
    path = f"/transfers/{transfer['id']}"

    assert await world.get(path, asked(world)) == transfer
    assert (await world.get(path, world.sender))["allowed"] == ["recall"]
    for by, status in (
        (world.stranger, 404),
        (world.token(world.sender, team=new_id()), 403),
        (world.token(world.association, Role.RECIPIENT), 403),
    ):
        assert (await world.call("GET", path, by)).status_code == status


async def test_of_many_takes_at_once_one_is_done(world: World) -> None:
    transfer, path = await an_offer(world), await a_path_there(world)

    answers = await asyncio.gather(*(take(world, transfer, path_id=path["id"]) for _ in range(6)))

    assert sorted(one.status_code for one in answers) == [200, *[412] * 5]
    assert len((await world.get(f"/needs?path_id={path['id']}", asked(world)))["items"]) == 1


async def test_the_same_key_takes_once(world: World) -> None:
    transfer, path = await an_offer(world), await a_path_there(world)

    first = await take(world, transfer, path_id=path["id"], key="same")
    again = await take(world, transfer, path_id=path["id"], key="same")

    assert (first.status_code, first.json()) == (again.status_code, again.json())


async def test_needs_that_change_places_at_once_do_not_wait_for_each_other(world: World) -> None:
    """Two homes take a need from each other on the same two paths: both are done."""
    person = await world.a_person()
    ours = await world.post("/paths", world.sender, {"person_id": person["id"], "goal": "x"})
    theirs = await a_path_there(world)
    said = {"code": "work", "theme": "individual", "area": "B041", "urgency": "low"}
    for _ in range(3):
        need = await world.post("/needs", world.sender, {**said, "path_id": ours["id"]})
        await world.a_consent(await world.a_draft(need))
        await offer(world, need)
        back = await world.post("/needs", asked(world), {**said, "path_id": theirs["id"]})
        body = {"organisation_id": str(world.sender.organisation_id)}
        await world.call("POST", f"/needs/{back['id']}/transfer", asked(world), body, version=1)
        there = (await world.get("/transfers?box=in&limit=1", asked(world)))["items"][0]
        here = (await world.get("/transfers?box=in&limit=1", world.sender))["items"][0]

        one, other = await asyncio.gather(
            take(world, there, path_id=theirs["id"]),
            take(world, here, world.sender, path_id=ours["id"]),
        )

        assert (one.status_code, other.status_code) == (200, 409)
        assert other.json()["type"] == "/problems/consent-missing"
