"""Staff and pledges over HTTP."""

from __future__ import annotations

from typing import Any

from shared.ids import new_id
from tests.integration.organisations.directory import Directory


async def test_names_stay_in_the_house(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    operator = await directory.operator()
    coordinator = await directory.a_member(operator, other.id, "coordinator")

    own = (await directory.get("/staff", house.admin.token)).json()["items"]
    theirs = (await directory.get(f"/staff?organisation_id={house.id}", coordinator.token)).json()["items"]
    refused = await directory.get(f"/staff?organisation_id={house.id}", other.admin.token)

    assert [(one["name"], one["login"]) for one in own] == [("Amina H.", house.admin.login)]
    assert [(one["id"], one["name"], one["login"]) for one in theirs] == [(house.admin.id, None, None)]
    assert refused.json()["type"] == "/problems/not-your-side"


async def test_foreign_staff_are_as_unknown_as_nobody(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()

    read = [await directory.get(f"/staff/{id}", house.admin.token) for id in (other.admin.id, new_id())]
    changed = [
        await directory.patch(f"/staff/{id}", house.admin.token, version=1, active=False)
        for id in (other.admin.id, new_id())
    ]
    pledged = [
        await directory.post("/pledges", house.admin.token, staff_id=str(id), version=1)
        for id in (other.admin.id, new_id())
    ]

    for foreign, unknown in (read, changed, pledged):
        assert (foreign.status_code, foreign.json()) == (404, unknown.json())


async def test_an_administrator_appoints_into_the_own_house_alone(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    somebody: dict[str, Any] = {"name": "Jonas L.", "roles": ["caseworker"]}

    own = await directory.post("/staff", house.admin.token, organisation_id=house.id, **somebody)
    foreign = await directory.post("/staff", house.admin.token, organisation_id=other.id, **somebody)
    unknown = await directory.post("/staff", house.admin.token, organisation_id=str(new_id()), **somebody)
    lent = await directory.post(
        "/staff", house.admin.token, organisation_id=house.id, team_id=other.team_id, **somebody
    )

    assert [answer.status_code for answer in (own, foreign, unknown, lent)] == [201, 403, 404, 404]


async def test_nobody_becomes_the_networks_by_an_administrators_word(directory: Directory) -> None:
    house = await directory.a_house()

    answer = await directory.patch(
        f"/staff/{house.admin.id}",
        house.admin.token,
        version=1,
        roles=["organisation_admin", "network_admin"],
    )

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-missing")


async def test_a_login_is_one_persons(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()

    answer = await directory.post(
        "/staff",
        other.admin.token,
        organisation_id=other.id,
        name="Jonas L.",
        roles=["caseworker"],
        login=house.admin.login,
    )

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/login-taken")
    assert len((await directory.get("/staff", other.admin.token)).json()["items"]) == 1


async def test_a_change_shows_at_the_next_token(directory: Directory) -> None:
    house = await directory.a_house()
    member = await directory.a_member(house.admin.token, house.id, "caseworker", team_id=house.team_id)
    path = f"/staff/{member.id}"

    changed = await directory.patch(
        path, house.admin.token, version=1, roles=["organisation_admin"], team_id=None
    )
    token = await directory.token(login=member.login)

    assert (changed.json()["roles"], changed.json()["team_id"]) == (["organisation_admin"], None)
    assert (await directory.patch(path, token, version=2, name="Amina K.")).json()["name"] == "Amina K."


async def test_a_pledge_is_ones_own_to_sign(directory: Directory) -> None:
    house = await directory.a_house()
    member, colleague = [await directory.a_member(house.admin.token, house.id, "recipient") for _ in range(2)]

    own = await directory.made("/pledges", member.token, version=1)
    recorded = await directory.made("/pledges", house.admin.token, staff_id=colleague.id, version=1)
    refused = await directory.post("/pledges", member.token, staff_id=colleague.id, version=1)
    unheard = await directory.post("/pledges", member.token, version=2)

    listed = (await directory.get("/pledges", member.token)).json()["items"]
    assert listed == [own, recorded]
    assert [(one["staff_id"], one["recorded_by"]) for one in listed] == [
        (member.id, member.id),
        (colleague.id, house.admin.id),
    ]
    assert [answer.status_code for answer in (refused, unheard)] == [403, 422]
