"""A person is looked up inside her own organisation, so that she is not written down twice."""

from __future__ import annotations

from typing import Any

import pytest

from services.referrals.api.persons import SEARCHES
from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.world import World, person_body

PHONE = {"kind": "phone", "value": "070-174 06 05"}


async def found(world: World, kind: str, value: str, by: Any = None) -> list[str]:
    said = {"kind": kind, "value": value}
    answer = await world.post("/persons/search", by or world.sender, said)
    return [one["id"] for one in answer["persons"]]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "0701740605"),
        ("phone", "+46 70 174 06 05"),
        ("phone", "0046(0)701740605"),
        ("phone", "\uff10\uff17\uff10-1740605"),
        ("email", " Amina@Example.org"),
        ("name", "amina  EXEMPEL"),
        ("name", "\uff21mina Exempel"),
    ],
)
async def test_however_it_is_written_she_is_found(world: World, kind: str, value: str) -> None:
    contacts = [{"kind": "phone", "value": "070-174 06 05"}, {"kind": "email", "value": "amina@example.org"}]
    person = await world.post("/persons", world.sender, person_body(contacts=contacts))

    assert await found(world, kind, value) == [person["id"]]


@pytest.mark.parametrize(
    ("kind", "value"), [("phone", "0701740606"), ("email", "0701740605"), ("name", "Amina"), ("name", "%")]
)
async def test_what_is_another_finds_nobody(world: World, kind: str, value: str) -> None:
    await world.a_person()

    assert await found(world, kind, value) == []


async def test_no_other_organisation_finds_her_and_its_index_is_another(world: World) -> None:
    person = await world.a_person()
    other = await world.post("/persons", world.stranger, person_body())

    rows = await world.rows(
        "select org_id, value from person_index where person_id = any (%s) and kind = 'phone'",
        [[person["id"], other["id"]]],
    )

    assert await found(world, **PHONE) == [person["id"]]
    assert await found(world, **PHONE, by=world.stranger) == [other["id"]]
    assert len({row["value"] for row in rows}) == len(rows) == 2


async def test_of_another_teams_person_only_the_team_is_said(world: World) -> None:
    person = await world.a_person()
    colleague = world.token(world.sender, Role.CASEWORKER, team=new_id())

    answer = await world.post("/persons/search", colleague, PHONE)

    assert answer == {"persons": [], "other_teams": [str(world.sender.team_id)]}
    assert person["id"] not in str(answer)


async def test_a_look_up_is_logged_and_leaves_nothing_else(world: World) -> None:
    person = await world.a_person()
    query = "select count(*) as n from access_log where object_id = %s and actor_id = %s"
    kept = "select count(*) as n from idempotency"
    before = (await world.rows(kept))[0]["n"]

    await found(world, **PHONE)

    assert (await world.rows(query, [person["id"], world.sender.staff_id]))[0]["n"] == 1
    assert (await world.rows(kept))[0]["n"] == before


@pytest.mark.parametrize("role", [Role.RECIPIENT, Role.TEAM_LEAD, Role.COORDINATOR, Role.ORGANISATION_ADMIN])
async def test_only_caseworkers_look_up(world: World, role: Role) -> None:
    answer = await world.call("POST", "/persons/search", world.token(world.sender, role), PHONE)

    assert answer.status_code == 403


async def test_an_erased_person_is_found_no_more(world: World) -> None:
    person = await world.a_person()
    await world.post(
        f"/persons/{person['id']}/erasure", world.token(world.sender, Role.ORGANISATION_ADMIN), {}
    )

    assert await found(world, **PHONE) == []
    assert await world.rows("select from person_index where person_id = %s", [person["id"]]) == []


async def test_whoever_tries_numbers_in_turn_is_stopped(world: World) -> None:
    await world.post("/persons", world.sender, person_body(contacts=[PHONE]))
    said = [{"kind": "phone", "value": f"0701740{nth:03}"} for nth in range(SEARCHES.most)]
    answers = [await world.call("POST", "/persons/search", world.sender, one) for one in said]

    late = await world.call("POST", "/persons/search", world.sender, PHONE)

    assert {answer.status_code for answer in answers} == {200}
    assert (late.status_code, late.json()["type"]) == (429, "/problems/rate-limited")
    assert 0 < int(late.headers["Retry-After"]) <= SEARCHES.within.total_seconds()
    assert await found(world, **PHONE, by=world.stranger) == []
