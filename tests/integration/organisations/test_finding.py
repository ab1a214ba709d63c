"""Finding: what is sought, why it fits or not, in which order, and whatever is typed."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from shared.ids import new_id
from tests.integration.organisations.directory import Directory, House, an_offering


async def names(directory: Directory, house: House, query: str) -> list[str]:
    return [one["name"] for one in await directory.listed(f"/offerings?{query}", house.admin.token)]


@pytest.fixture
async def house(directory: Directory) -> House:
    return await directory.a_house()


async def test_each_hit_says_why_it_fits_or_not(directory: Directory, house: House) -> None:
    offering = await directory.an_offering(house, access=["evening"])
    query = "need=language&age=17&area=B041&access=evening&access=remote"

    hit = (await directory.listed(f"/offerings?{query}", house.admin.token))[0]
    asked = (await directory.get(f"/offerings/{offering['id']}/fit?{query}", house.admin.token)).json()

    assert {one["rule"]: one["ok"] for one in hit["why"]} == {
        "open": True, "need": True, "age": False, "area": True, "language": None, "access": False,
    }  # fmt: skip
    assert {"fits": hit["fits"], "why": hit["why"]} == asked
    assert (hit["fits"], hit["rank"]["unknown"], hit["rank"]["places"]) == (False, 1, "free")
    assert await names(directory, house, f"{query}&fits=true") == []
    assert await names(directory, house, f"{query}&fits=false") == ["Språkcafé"]


async def test_the_order_is_that_of_the_rules_shown(directory: Directory, house: House) -> None:
    said: list[dict[str, Any]] = [
        {"name": "För unga", "age_to": 19},
        {"name": "Full", "capacity": {"available": 0, "maximum": 9}},
        {"name": "Lista", "capacity": {"available": 0, "maximum": 9}, "waiting": 2},
        {"name": "Tyst", "capacity": {}},
        {"name": "Senare", "answer_promise_days": 9},
        {"name": "Plats"},
        {"name": "Svenska i beskrivningen", "description": "Vi läser svenska."},
    ]
    for one in said:
        await directory.an_offering(house, **one)

    ranked = await names(directory, house, "need=language&age=20")
    rules = await directory.listed("/offerings/ranking", house.admin.token)

    assert ranked == ["Svenska i beskrivningen", "Plats", "Senare", "Tyst", "Lista", "Full", "För unga"]
    assert [one["rule"] for one in rules][:4] == ["fits", "text", "unknown", "places"]
    assert (await names(directory, house, "text=svenska&age=20"))[0] == "Svenska i beskrivningen"
    seen, page = [], "/offerings?need=language&age=20&limit=3"
    while page:
        part = (await directory.get(page, house.admin.token)).json()
        seen += [one["name"] for one in part["items"]]
        page = f"/offerings?need=language&age=20&limit=3&after={part['next']}" if part["next"] else ""
    assert seen == ranked


async def test_words_are_found_however_they_are_written(directory: Directory, house: House) -> None:
    await directory.an_offering(house, name="Språkcaféet på Söder", description="Samtal för föräldrar, barn.")
    await directory.an_offering(house, name="Cykelkurs")
    here = ["Språkcaféet på Söder"]
    found = {
        "språkcafé": here,
        "SPRÅK": here,
        "cafe": here,
        "sprakcafeet": here,
        "språkkaféet": here,
        "föräldrer": here,
        "samtalet": here,
        "förälder och barnen": here,
        "cykelkusr": ["Cykelkurs"],
        "cykel föräldrar": [],
        "simning": [],
    }

    asked = {text: await names(directory, house, f"text={quote(text)}") for text in found}

    assert asked == found


ODD = [
    "'", '"', "\\", "&", "!", "(", "a & !b | (c", "<->", "a:*", "'a':B", "%", "_", "och", "😀", "½", "ﷺ",
    "e\u0301", "\u202e", "İ", "-1", "a" * 200, "ab " * 60, "; drop table offerings", "<script>", "{}", "[]",
    "\u0e01\u0e33",
]  # fmt: skip
REFUSED = {
    "text=a%00b": "text",
    f"text={'x' * 10_000}": "text",
    "text=": "text",
    "language=qq": "language",
    "language=svenska": "language",
    "age=-1": "age",
    "access=x": "access.0",
}


async def test_no_text_makes_the_search_fail(directory: Directory, house: House) -> None:
    await directory.an_offering(house, name="½ ' kafé (a & b) 😀 e\u0301 İ", description="\u0e01\u0e33 ﷺ\nx")

    odd = [await directory.get(f"/offerings?text={quote(text)}", house.admin.token) for text in ODD]
    refused = [await directory.get(f"/offerings?{query}", house.admin.token) for query in REFUSED]

    assert [answer.status_code for answer in odd] == [200] * len(ODD)
    fields = [error["field"] for answer in refused for error in answer.json()["errors"]]
    assert [answer.status_code for answer in refused] == [422] * len(refused)
    assert fields == [*REFUSED.values()]


async def test_a_chain_never_leads_back(directory: Directory, house: House) -> None:
    other = await directory.a_house()
    first = await directory.an_offering(house)
    second = await directory.an_offering(other, leads_to=[first["id"]])
    third = await directory.an_offering(house, leads_to=[second["id"]])

    async def led(offering: dict[str, Any], at: House, *to: str) -> tuple[int, list[str]]:
        path = f"/offerings/{offering['id']}"
        answer = await directory.patch(path, at.admin.token, version=offering["version"], leads_to=[*to])
        return answer.status_code, [error["field"] for error in answer.json().get("errors", [])]

    assert await led(first, house, third["id"]) == (422, ["leads_to"])
    assert await led(first, house, first["id"]) == (422, ["leads_to"])
    assert await led(first, house, str(new_id())) == (422, ["leads_to"])
    assert await led(third, house, first["id"], second["id"]) == (200, [])
    here, there = await directory.an_offering(house), await directory.an_offering(other)
    both = await asyncio.gather(led(here, house, there["id"]), led(there, other, here["id"]))
    assert sorted(status for status, _ in both) == [200, 422]


async def test_a_door_has_an_address_and_a_shelter_has_none(directory: Directory, house: House) -> None:
    hours = [{"weekday": 1, "opens": "10:00", "closes": "15:30"}]
    given = an_offering(house) | {"kind": "open_door", "required_fields": []}
    door = {"address": "Torggatan 1", "hours": hours}

    made = await directory.made("/offerings", house.admin.token, **given | {"door": door})
    shelter = await directory.post(
        "/offerings", house.admin.token, **given | {"door": door, "protected_place": True}
    )
    path = f"/offerings/{made['id']}"
    hidden = await directory.patch(path, house.admin.token, version=1, protected_place=True)
    moved = await directory.patch(path, house.admin.token, version=1, protected_place=True, door=None)

    assert made["door"] == door
    assert [answer.json()["errors"][0]["field"] for answer in (shelter, hidden)] == ["door", "door"]
    assert (moved.status_code, moved.json()["door"]) == (200, None)
