"""When a need is not offered, and when an offer is not answered."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.base import Role
from shared.events.organisations import OrganisationChanged, OrganisationKind, OrganisationStatus
from shared.ids import new_id
from tests.integration.referrals.homes import a_path_there, an_offer, answer, asked, offer, take
from tests.integration.referrals.world import World


async def test_a_need_that_is_handed_over_is_neither_offered_nor_taken(world: World) -> None:
    need = await world.a_need()
    draft = await world.a_draft(need)
    await world.a_consent(draft)
    await offer(world, need)
    transfer = (await world.get("/transfers?box=in", asked(world)))["items"][0]
    sent = await world.done(draft, "send", world.sender)
    need = await world.get(f"/needs/{need['id']}", world.sender)

    for refused in (await take(world, transfer), await offer(world, need, world.housing)):
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/need-busy")
    await world.done(sent, "recall", world.sender, {"reason": "duplicate"})
    assert (await take(world, transfer)).status_code == 200


async def test_a_closed_need_is_offered_to_nobody(world: World) -> None:
    transfer = await an_offer(world)
    need = await world.get(f"/needs/{transfer['need_id']}", world.sender)
    done = {"as": "met", "sentence": "Det är ordnat."}

    closed = await world.call(
        "POST", f"/needs/{need['id']}/close", world.sender, done, version=need["version"]
    )
    late = await take(world, transfer, version=2)
    again = await offer(world, closed.json())

    assert (closed.status_code, late.status_code, late.json()["state"]) == (200, 409, "recalled")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-command")


async def test_a_need_is_offered_to_those_who_take_part(world: World) -> None:
    need = await world.a_need()
    housing = world.housing.organisation_id
    unknown = await world.call(
        "POST", f"/needs/{need['id']}/transfer", world.sender, {"organisation_id": str(new_id())}, version=1
    )
    oneself = await offer(world, need, world.sender)
    paused = OrganisationChanged(
        organisation_id=housing, kind=OrganisationKind.HOUSING_COMPANY, status=OrganisationStatus.PAUSED
    )
    await world.hear(paused)
    closed = await offer(world, need, world.housing)

    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-found")
    assert (oneself.status_code, oneself.json()["errors"][0]["field"]) == (422, "organisation_id")
    assert (closed.status_code, closed.json()["type"]) == (409, "/problems/receiver-closed")


@pytest.mark.parametrize("name", ["take", "refuse", "recall"])
async def test_an_answer_has_its_refusals_in_order(world: World, name: str) -> None:
    transfer, path = await an_offer(world), await a_path_there(world)
    need = await world.get(f"/needs/{transfer['need_id']}", world.sender)
    mine = await world.get(f"/paths/{need['path_id']}", world.sender)
    body = {"path_id": path["id"]} if name == "take" else {}
    own = {"path_id": mine["id"]} if name == "take" else {}
    right, wrong = asked(world), world.token(world.association, Role.RECIPIENT)
    if name == "recall":
        right, wrong = world.token(world.sender), world.token(world.sender, Role.RECIPIENT)
    body = body if name != "recall" else {}

    async def problem(by: Any, said: Any = None, **more: Any) -> tuple[int, str]:
        answered = await answer(world, transfer, name, by, body=body if said is None else said, **more)
        return answered.status_code, answered.json()["type"].removeprefix("/problems/")

    stranger = world.token(world.stranger)
    assert await problem(stranger, version=99) == (404, "not-found")
    assert await problem(world.person_token(mine["person_id"]), own) == (403, "role-missing")
    assert await problem(world.person_token(str(new_id())), own) == (404, "not-found")
    assert await problem(wrong, version=99) == (403, "role-missing")
    other = world.token(world.sender) if name != "recall" else asked(world)
    assert await problem(other, own if name != "recall" else {}, version=99) == (403, "not-your-side")
    assert await problem(right, version=99) == (412, "version-stale")
    assert await problem(right, {"colour": "red"}) == (422, "invalid")
    if name == "take":
        assert await problem(right, {"path_id": str(new_id())}) == (404, "not-found")
        assert await problem(right, own) == (404, "not-found")
        colleague = world.token(world.association, Role.CASEWORKER, team=new_id())
        assert await problem(colleague) == (403, "not-your-side")
    missing = await world.call("POST", f"/transfers/{transfer['id']}/{name}", right, body)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/version-missing")
    assert (await world.get(f"/transfers/{transfer['id']}", world.sender))["state"] == "offered"
