"""Who may act and who is reached: rights that end, leavers, substitutes and fallbacks over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.organisations.domain.days import local_date
from tests.integration.organisations.directory import Directory, Member

TODAY = local_date(datetime.now(UTC))


async def advance(directory: Directory, days: int) -> None:
    """Move the clock and wait until what is due has rung."""
    await directory.rows(f"update clock set shift = shift + interval '{days} days' returning shift")  # noqa: S608 - a test's own number
    await directory.network.settle()


async def session_of(directory: Directory, member: Member) -> str:
    answer = await directory.network.http.post(f"{directory.address}/sessions", json={"login": member.login})
    id: str = answer.raise_for_status().json()["id"]
    return id


async def test_a_role_ends_by_itself_and_is_renewed_before(directory: Directory) -> None:
    house = await directory.a_house()
    until = {"role": "caseworker", "valid_until": TODAY.isoformat()}
    member = await directory.a_member(
        house.admin.token, house.id, "recipient", "caseworker", roles_until=[until]
    )
    path = f"/staff/{member.id}"

    later = {"role": "caseworker", "valid_until": (TODAY + timedelta(days=2)).isoformat()}
    renewed = await directory.patch(path, house.admin.token, version=1, roles_until=[later])
    await advance(directory, 1)
    before = await directory.get(path, house.admin.token)
    await advance(directory, 2)
    after = await directory.get(path, house.admin.token)

    assert renewed.json()["roles_until"] == before.json()["roles_until"] == [later]
    assert (after.json()["roles"], after.json()["roles_until"]) == (["recipient"], [])
    told = [one for one in await directory.told() if one["type"] == "staff.changed.v1"]
    assert [(one["actor"].partition(":")[0], one["body"]["roles"]) for one in told] == [
        ("staff", ["caseworker", "recipient"]),
        ("service", ["recipient"]),
    ]


async def test_a_leaver_is_signed_out_in_the_same_step(directory: Directory) -> None:
    house = await directory.a_house()
    member = await directory.a_member(house.admin.token, house.id, "caseworker")
    colleague = await directory.a_member(house.admin.token, house.id, "caseworker")
    session, other = [await session_of(directory, one) for one in (member, colleague)]

    await directory.patch(f"/staff/{member.id}", house.admin.token, version=1, active=False)

    tokens = [
        await directory.network.http.post(f"{directory.address}/tokens", json=by)
        for by in ({"session": session}, {"login": member.login}, {"session": other})
    ]
    assert [answer.status_code for answer in tokens] == [401, 401, 200]
    holders = [str(row["holder_id"]) for row in await directory.rows("select holder_id from sessions")]
    assert holders == [colleague.id]


async def test_a_colleague_stands_in_and_is_released(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    away = await directory.a_member(house.admin.token, house.id, "recipient")
    days = {"valid_until": TODAY.isoformat()}

    made = await directory.made("/substitutions", away.token, substitute_id=house.admin.id, **days)
    twice = await directory.post("/substitutions", away.token, substitute_id=house.admin.id, **days)
    lent = await directory.post("/substitutions", away.token, substitute_id=other.admin.id, **days)
    path = f"/substitutions/{made['id']}"
    foreign = await directory.get(path, other.admin.token)
    ended = await directory.patch(path, house.admin.token, version=1, status="ended")
    again = await directory.post("/substitutions", away.token, substitute_id=house.admin.id, **days)

    assert (made["staff_id"], made["valid_from"]) == (away.id, TODAY.isoformat())
    assert (twice.json()["type"], twice.json()["substitution_id"]) == (
        "/problems/substitutes-overlap",
        made["id"],
    )
    assert [answer.status_code for answer in (lent, foreign, ended, again)] == [404, 404, 200, 201]
    assert await directory.listed("/substitutions", away.token) == [ended.json(), again.json()]
    types = [one["type"] for one in await directory.told()][-3:]
    assert types == ["substitute.named.v1", "substitute.released.v1", "substitute.named.v1"]


async def test_a_substitute_is_released_when_one_of_the_two_leaves(directory: Directory) -> None:
    house = await directory.a_house()
    away, substitute = [await directory.a_member(house.admin.token, house.id, "recipient") for _ in range(2)]
    days = {"valid_until": TODAY.isoformat()}
    await directory.made("/substitutions", away.token, substitute_id=substitute.id, **days)

    left = await directory.patch(f"/staff/{substitute.id}", house.admin.token, version=1, active=False)

    assert left.status_code == 200, left.text
    (one,) = await directory.listed("/substitutions", away.token)
    assert (one["ended_at"] is not None, one["version"]) == (True, 2)
    assert (await directory.told())[-1]["type"] == "substitute.released.v1"


async def test_a_team_of_the_house_is_the_fallback_of_another(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    body = {"organisation_id": house.id, "name": "Kvällslaget"}
    team = await directory.made("/teams", house.admin.token, **body)
    path = f"/teams/{team['id']}"

    named = await directory.patch(path, house.admin.token, version=1, fallback_team_id=house.team_id)
    renamed = await directory.patch(path, house.admin.token, version=2, name="Daglaget")
    refused = [
        await directory.patch(path, house.admin.token, version=3, fallback_team_id=one)
        for one in (other.team_id, team["id"])
    ]
    taken = await directory.patch(path, house.admin.token, version=3, fallback_team_id=None)

    assert [answer.status_code for answer in refused] == [404, 422]
    shown = [answer.json()["fallback_team_id"] for answer in (named, renamed, taken)]
    assert shown == [house.team_id, house.team_id, None]
    told = [one["body"] for one in await directory.told() if one["type"] == "team.changed.v1"]
    assert [one["fallback_team_id"] for one in told] == [house.team_id, None]
