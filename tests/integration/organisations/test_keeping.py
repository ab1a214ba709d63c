"""Keeping the directory true: confirmed, paused, reported wrong; its blanks, and what was missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.organisations.directory import Directory
from tests.integration.referrals.world import TODAY


async def told(directory: Directory, kind: str) -> list[dict[str, Any]]:
    return [event for event in await directory.told() if event["type"] == kind]


async def test_what_nobody_confirms_is_due_after_ninety_days(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    offering = await directory.an_offering(house)
    await directory.an_offering(other)
    path, admin = f"/offerings/{offering['id']}", house.admin

    assert await directory.listed("/offerings/due", admin.token) == []
    await directory.advance(days=91)
    admin_token = await directory.token(login=admin.login)
    due = await directory.listed("/offerings/due", admin_token)
    events = await told(directory, "offering.confirmation_due.v1")
    confirmed = await directory.command(f"{path}/confirm", admin_token, version=1)

    assert [(one["id"], one["confirmation"]["due"], one["capacity_stale"]) for one in due] == [
        (offering["id"], True, True)
    ]
    assert [event["body"]["offering_id"] for event in events if str(event["subject"]) == house.id] == [
        offering["id"]
    ]
    abroad = (await directory.get(path, await directory.token(login=other.admin.login))).json()
    said = [one["confirmation"]["confirmed_by"] for one in (confirmed.json(), abroad)]
    assert (confirmed.json()["confirmation"]["due"], said) == (False, [admin.id, None])
    assert await directory.listed("/offerings/due", admin_token) == []


async def test_ones_own_offerings_are_all_shown_and_nobody_elses(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    ended = await directory.an_offering(house, status="ended")
    await directory.an_offering(other)

    own = await directory.listed("/offerings/own", house.admin.token)

    assert [one["id"] for one in own] == [ended["id"]]


async def test_what_is_paused_until_a_day_opens_by_itself(directory: Directory) -> None:
    house = await directory.a_house()
    path = f"/offerings/{(await directory.an_offering(house, status='prototype'))['id']}"
    until = str(TODAY + timedelta(days=3))

    past = await directory.patch(path, house.admin.token, version=1, status="paused", paused_until=str(TODAY))
    paused = await directory.patch(path, house.admin.token, version=1, status="paused", paused_until=until)
    closed = (await directory.get(f"{path}/fit", house.admin.token)).json()
    await directory.advance(days=4)
    open_again = await directory.get(path, await directory.token(login=house.admin.login))

    assert (past.status_code, past.json()["errors"][0]["field"]) == (422, "paused_until")
    assert (paused.json()["paused_until"], closed["fits"]) == (until, False)
    assert (open_again.json()["status"], open_again.json()["paused_until"]) == ("prototype", None)
    changed = await told(directory, "offering.changed.v1")
    assert [event["body"]["status"] for event in changed] == ["paused", "prototype"]


async def test_an_error_is_reported_in_codes_and_settled_at_home(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    offering = await directory.an_offering(house)
    worker = await directory.a_member(other.admin.token, other.id, "caseworker")
    path = f"/offerings/{offering['id']}/error-reports"

    made = await directory.post(path, worker.token, kind="wrong_hours")
    worded = await directory.post(path, worker.token, kind="other", text="Ring Amina H.")
    elsewhere = await directory.get(made.headers["Location"], worker.token)
    listed = await directory.listed("/error-reports", house.admin.token)
    place = made.headers["Location"]
    settled = await directory.command(f"{place}/settle", house.admin.token, version=1)

    assert (made.status_code, worded.status_code, elsewhere.status_code) == (201, 422, 404)
    assert listed == [made.json()]
    assert (settled.status_code, settled.json()["version"]) == (200, 2)
    assert await directory.listed("/error-reports", house.admin.token) == []
    events = await told(directory, "offering.error_reported.v1")
    assert [(str(one["subject"]), one["body"]["kind"]) for one in events] == [(house.id, "wrong_hours")]


async def test_the_matrix_shows_its_blanks(directory: Directory) -> None:
    house = await directory.a_house()
    await directory.an_offering(house, themes=["school"], areas=["B041"])
    await directory.an_offering(house, themes=["school"], areas=[])
    await directory.an_offering(house, themes=["school"], areas=["B041"], status="paused")

    cells = await directory.listed("/offerings/matrix?need=language", house.admin.token)
    none = await directory.listed("/offerings/matrix?need=work", house.admin.token)

    counted = {(one["theme"], one["area"]): one["offerings"] for one in cells if not one["blank"]}
    assert (len(cells), len(counted), counted["school", "B041"], counted["school", "B022"]) == (28, 7, 2, 1)
    assert all(one["blank"] for one in none)


async def test_a_need_that_nothing_answers_is_told_once_a_day(directory: Directory) -> None:
    house = await directory.a_house()
    worker = await directory.a_member(house.admin.token, house.id, "caseworker")
    await directory.an_offering(house)

    for query in ("need=language&age=16&area=B041", "need=language&age=17&area=B041", "need=work&text=svets"):
        await directory.listed(f"/offerings?{query}", worker.token)
    for query in ("need=language&age=18", "text=svets", "age=16", "need=housing&limit=1"):
        await directory.listed(f"/offerings?{query}", worker.token)
    await directory.listed("/offerings?need=economy", house.admin.token)

    missed = [event["body"] for event in await told(directory, "search.missed.v1")]
    assert [(one["need"], one["area"], one["against"]) for one in missed] == [
        ("language", "B041", ["age"]),
        ("work", None, []),
        ("housing", None, []),
    ]
    assert "16" not in str([{**one, "organisation_id": ""} for one in missed])
    assert "svets" not in str(await directory.told())


async def test_anybody_may_read_what_is_open_and_nothing_else(directory: Directory) -> None:
    house = await directory.a_house()
    door = {"kind": "open_door", "required_fields": [], "door": {"address": "Torggatan 1", "hours": []}}
    await directory.an_offering(house, name="Öppna kaféet", **door)
    await directory.an_offering(house, name="Skyddat", kind="open", protected_place=True)
    await directory.an_offering(house, name="Stängt", status="paused", **door)
    await directory.an_offering(house, name="Prövas", kind="assessed")
    ask = directory.network.http

    async def seen(query: str) -> list[dict[str, Any]]:
        answer = await ask.get(f"{directory.address}/public/offerings{query}")
        items: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
        return items

    (cafe,) = await seen("")
    assert (cafe["name"], cafe["door"]["address"], cafe["fits"]) == ("Öppna kaféet", "Torggatan 1", True)
    assert not cafe.keys() & {"team_id", "organisation_id", "capacity", "required_fields", "confirmation"}
    assert [one["fits"] for one in await seen("?age=17&text=kafe")] == [False]
    assert await seen("?need=work") == []
    assert (await ask.get(f"{directory.address}/offerings")).status_code == 401
