"""The directory by HSDS 3.0: every answer against the published schemas, and who is shown what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.ids import new_id
from tests import hsds
from tests.documented import must_be_documented
from tests.integration.organisations.directory import Directory, House

Json = dict[str, Any]

DOOR = {
    "kind": "open_door",
    "required_fields": [],
    "leads_to": [],
    "door": {
        "address": "Torggatan 1, 252 20 Helsingborg",
        "hours": [{"weekday": 1, "opens": "10:00", "closes": "15:30"}],
    },
}


async def asked(directory: Directory, path: str, token: str | None = None, status: int = 200) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await directory.network.http.get(f"{directory.address}{path}", headers=headers)
    assert answer.status_code == status, answer.text
    must_be_documented("organisations", "GET", path, answer)
    assert ("public" in answer.headers["Cache-Control"]) == (token is None and status == 200)
    return answer.json()


@pytest.fixture
async def house(directory: Directory) -> House:
    """One of each kind, a shelter among them."""
    house = await directory.a_house()
    open_door = await directory.an_offering(
        house, name="Öppna kaféet", access=["step_free"], age_to=65, protective_factors=["network"], **DOOR
    )
    await directory.an_offering(house, name="Läxhjälp", kind="open", leads_to=[open_door["id"]])
    await directory.an_offering(house, name="Språkcafé", eligibility=[{"rule": "age", "age_from": 20}])
    await directory.an_offering(house, name="Kvinnojouren", kind="open", protected_place=True)
    await directory.an_offering(house, name="Upphört", status="ended")
    return house


async def test_every_answer_is_what_the_specification_says(directory: Directory, house: House) -> None:
    token = house.admin.token
    page = await asked(directory, "/hsds/services", token)
    full = await asked(directory, "/hsds/services?full=true", token)
    each = [await asked(directory, f"/hsds/services/{one['id']}", token) for one in page["contents"]]
    houses = await asked(directory, "/hsds/organizations?full_service=true", token)
    one_house = await asked(directory, f"/hsds/organizations/{house.id}?full_service=true", token)
    terms = await asked(directory, "/hsds/taxonomy_terms", token)

    assert [hsds.page_faults(one) for one in (page, full, houses, terms)] == [[]] * 4
    assert [hsds.faults("service_list", one) for one in page["contents"]] == [[]] * 4
    assert [hsds.faults("service", one) for one in each] == [[]] * 4
    assert each == full["contents"]
    assert [hsds.faults("organization", one) for one in (*houses["contents"], one_house)] == [[], []]
    assert one_house["services"] == each
    assert [hsds.faults("organization_list", one) for one in houses["contents"]] == [[]]
    assert {fault for one in terms["contents"] for fault in hsds.faults("taxonomy_term", one)} == set()
    about = await asked(directory, "/hsds/")
    assert (about["version"], about["openapi_url"]) == ("3.0", f"{directory.address}/openapi.json")
    assert (await directory.network.http.get(about["openapi_url"])).status_code == 200


async def test_our_codes_are_said_in_its_terms(directory: Directory, house: House) -> None:
    found = await asked(directory, "/hsds/services?full=true&search=kaféet")
    helped = await asked(directory, "/hsds/services?full=true&search=läxhjälp")
    (cafe,), (lessons,) = found["contents"], helped["contents"]

    assert {one["taxonomy_term"]["code"] for one in cafe["attributes"]} == {
        "language", "neighbourhood", "step_free", "network", "open_door",
    }  # fmt: skip
    assert [one["code"] for one in cafe["languages"]] == ["sv", "ar"]
    assert [(one["name"], one["extent"]) for one in cafe["service_areas"]] == [("Söder", "B041")]
    assert (cafe["minimum_age"], cafe["maximum_age"], cafe["status"]) == (18, 65, "active")
    assert "den som är 18 till 65 år" in cafe["eligibility_description"]
    (place,) = cafe["service_at_locations"]
    (address,) = place["location"]["addresses"]
    assert (address["address_1"], address["postal_code"]) == ("Torggatan 1, 252 20 Helsingborg", "252 20")
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in cafe["schedules"]] == [
        ("MO", "10:00", "15:30")
    ]
    assert [one["document"] for one in lessons["required_documents"]] == [
        "Telefonnummer: Vi ringer dig om första träffen."
    ]
    assert lessons["leads_to"] == [cafe["id"]]


async def test_without_a_token_only_what_is_open_is_shown(directory: Directory, house: House) -> None:
    closed = await directory.a_house()
    everything = await asked(directory, "/hsds/services", house.admin.token)
    named = {one["name"]: one["id"] for one in everything["contents"]}
    shelter = await asked(directory, f"/hsds/services/{named['Kvinnojouren']}", house.admin.token)

    shown = await asked(directory, "/hsds/services")
    organizations = await asked(directory, "/hsds/organizations")

    assert [one["name"] for one in shown["contents"]] == ["Öppna kaféet", "Läxhjälp"]
    assert [one["id"] for one in organizations["contents"]] == [house.id]
    assert named.keys() == {"Öppna kaféet", "Läxhjälp", "Språkcafé", "Kvinnojouren"}
    assert ("service_areas" in shelter, "service_at_locations" in shelter) == (True, False)
    for hidden in (
        f"services/{named['Språkcafé']}",
        f"services/{named['Kvinnojouren']}",
        f"services/{new_id()}",
    ):
        await asked(directory, f"/hsds/{hidden}", status=404)
    await asked(directory, f"/hsds/organizations/{closed.id}", status=404)
    await asked(directory, "/hsds/services", "nobodys", status=401)
    paused = await directory.get(f"/organisations/{house.id}", house.admin.token)
    await directory.patch(f"/organisations/{house.id}", house.admin.token, version=1, status="paused")
    assert paused.status_code == 200
    assert (await asked(directory, "/hsds/services", house.admin.token))["empty"]


async def test_filters_hold_together_and_pages_are_numbered(directory: Directory, house: House) -> None:
    token, other = house.admin.token, await directory.a_house()
    await directory.an_offering(other, name="Arbetsträning", needs=["work"], themes=[])
    terms = {one["code"]: one for one in (await asked(directory, "/hsds/taxonomy_terms"))["contents"]}
    work, themes = terms["work"]["id"], terms["school"]["taxonomy_id"]

    async def names(query: str) -> list[str]:
        page = await asked(directory, f"/hsds/services?{query}", token)
        return [one["name"] for one in page["contents"]]

    assert await names(f"taxonomy_term_id={work}") == ["Arbetsträning"]
    assert await names(f"taxonomy_term_id={work}&organization_id={house.id}") == []
    assert len(await names(f"taxonomy_id={themes}")) == 4
    assert await names(f"taxonomy_id={new_id()}") == await names(f"taxonomy_term_id={new_id()}") == []
    assert await names("search=😀") == await names("modified_after=2999-01-01T00:00:00Z") == []
    assert len(await names("modified_after=2020-01-01T00:00:00Z")) == 5
    pages = [await asked(directory, f"/hsds/services?per_page=2&page={n}", token) for n in (1, 2, 3, 4)]
    assert [(one["size"], one["first_page"], one["last_page"], one["empty"]) for one in pages] == [
        (2, True, False, False), (2, False, False, False), (1, False, True, False), (0, False, True, True),
    ]  # fmt: skip
    assert {(one["total_items"], one["total_pages"]) for one in pages} == {(5, 3)}
    least = await asked(directory, "/hsds/services?minimal=true", token)
    assert {frozenset(one) for one in least["contents"]} == {frozenset({"id", "last_modified"})}
    lines = await directory.network.http.get(f"{directory.address}/hsds/services?format=ndjson")
    assert [json.loads(line)["name"] for line in lines.text.splitlines()] == ["Öppna kaféet", "Läxhjälp"]
    await asked(directory, "/hsds/services?format=xml", token, status=422)


async def test_what_was_altered_since_is_found(directory: Directory, house: House) -> None:
    token = house.admin.token
    (first, *_) = (await asked(directory, "/hsds/services", token))["contents"]
    last = (await asked(directory, "/hsds/services?minimal=true", token))["contents"][-1]["last_modified"]
    await directory.patch(f"/offerings/{first['id']}", token, version=1, name="Kaféet")

    (changed, *others) = (await asked(directory, f"/hsds/services?modified_after={last}", token))["contents"]

    assert (changed["name"], len(others)) == ("Kaféet", 1)
