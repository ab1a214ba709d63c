"""Another's directory: sent, checked row by row, shown, written at once or not at all, and sent out again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import hsds
from tests.integration.organisations import directories as files
from tests.integration.organisations.directory import Directory, House

Json = dict[str, Any]


@pytest.fixture
async def house(directory: Directory) -> House:
    return await directory.a_house()


async def test_a_round_trip_loses_nothing(directory: Directory, house: House) -> None:
    sent = files.examples()
    package = hsds.read("datapackage.json") | {"x_from": "MyCity"}
    content = files.zipped(sent, **{"datapackage.json": json.dumps(package).encode()})

    written = await files.imported(directory, house, content)
    gone_out = await files.exported(directory, house)

    assert (written["state"], written["bad"], written["published"]) == ("written", 0, 2)
    assert (written["rows"], written["good"]) == (25, 25)
    back = files.unzipped(gone_out)
    assert back.keys() == sent.keys()
    assert meaning(back) == meaning(sent)
    assert back["services.csv"][1][-1] == "'=blue, \"and\" 'green'\nor +1"
    described = files.package_of(gone_out)
    assert (described["x_from"], len(described["resources"])) == ("MyCity", 22)
    # What went out comes in again as what it was.
    again = await files.imported(directory, house, gone_out)
    assert (again["bad"], again["published"], again["changed"]) == (0, 0, 0)
    assert files.unzipped(await files.exported(directory, house)) == back


def meaning(tables: files.Tables) -> files.Tables:
    """Without the apostrophe before what a spreadsheet would run."""
    return {
        file: [[cell[1:] if cell[:2] in {"'=", "'@"} else cell for cell in row] for row in rows]
        for file, rows in tables.items()
    }


async def test_what_came_in_tables_is_found_and_goes_out_as_documents(
    directory: Directory, house: House
) -> None:
    await files.imported(directory, house, files.zipped(files.examples()))
    caseworker = await directory.a_member(house.admin.token, house.id, "caseworker")

    (hit, *_) = await directory.listed("/offerings?text=counselling&language=ur&age=12", caseworker.token)
    document = json.loads(await files.exported(directory, house, "json"))
    (service, _) = document["services"]

    assert (hit["name"], hit["kind"], hit["languages"], hit["age_from"]) == (
        "Community Counselling", "open_door", ["ur"], 12,
    )  # fmt: skip
    assert (hit["imported"]["service_id"], hit["imported"]["provider"]) == (
        files.SERVICE, "Example Organization Inc.",
    )  # fmt: skip
    said = {one["rule"]: one for one in hit["why"]}["open"]
    assert (said["ok"], "tar inte emot överlämningar" in said["said"]) == (None, True)
    assert hsds.faults("service", service) == []
    assert (service["minimum_age"], service["x_colour"][:5]) == (12, "=blue")
    assert service["organization"]["organization_identifiers"][0]["identifier"] == "1234567"
    assert service["service_at_locations"][0]["location"]["addresses"][0]["city"] == "MyCity"


async def test_documents_come_back_as_they_were(directory: Directory, house: House) -> None:
    sent = hsds.example("service_with_definitions")
    sent["x_extra"] = {"deep": [1, None, {"x": "=y"}], "text": "å"}
    page = {"total_items": 1, "contents": [sent]}

    written = await files.imported(directory, house, json.dumps(page).encode())
    (back,) = json.loads(await files.exported(directory, house, "json"))["services"]
    tables = files.unzipped(await files.exported(directory, house))

    assert (written["state"], written["published"]) == ("written", 1)
    assert back == sent
    assert tables["services.csv"][1][0] == files.SERVICE
    assert {"organizations.csv", "languages.csv", "phones.csv", "locations.csv"} <= tables.keys()


async def test_ten_thousand_rows_with_three_hundred_bad_ones(directory: Directory, house: House) -> None:
    content = files.zipped(files.services(9_999, bad=300))

    shown = await files.previewed(directory, house, content)
    before = await directory.rows("select count(*) as n from offerings")
    faults, page = [], f"/imports/{shown['id']}/faults?limit=200"
    while page:
        part = (await directory.get(page, house.admin.token)).json()
        faults += part["items"]
        page = f"/imports/{shown['id']}/faults?limit=200&after={part['next']}" if part["next"] else ""
    written = await files.confirmed(directory, house, shown)

    assert (shown["state"], shown["rows"], shown["good"], shown["bad"]) == ("previewed", 10_000, 9_700, 300)
    assert (before[0]["n"], written["state"], written["published"]) == (0, "written", 9_699)
    assert len({(one["file"], one["row"]) for one in faults}) == 300
    assert {(one["file"], one["field"]) for one in faults} == {
        ("services.csv", "name"), ("services.csv", "status"), ("services.csv", "maximum_age"),
    }  # fmt: skip
    assert faults[0] | {"id": ""} == {
        "id": "", "file": "services.csv", "row": 2, "field": "name", "message": "It is missing.",
    }  # fmt: skip
    transactions = await directory.rows("select count(distinct xmin::text) as n from offerings")
    told = await directory.rows(
        "select count(*) as n from (select from untold where type = 'offering.published.v1'"
        " union all select from log where type = 'offering.published.v1') as told"
    )
    assert (transactions[0]["n"], told[0]["n"]) == (1, 9_699)


async def faults_of(directory: Directory, house: House, tables: files.Tables) -> set[tuple[str, int, str]]:
    shown = await files.previewed(directory, house, files.zipped(tables))
    found = await directory.listed(f"/imports/{shown['id']}/faults", house.admin.token)
    assert shown["bad"] == len({(one["file"], one["row"]) for one in found})
    return {(one["file"], one["row"], one["field"]) for one in found}


async def test_chains_that_lead_back_and_rows_of_nothing_are_named(
    directory: Directory, house: House
) -> None:
    tables = files.services(6)
    rows = tables["services.csv"]
    ids = [row[0] for row in rows[1:]]
    led = ["leads_to", ids[1], ids[2], ids[0], files.SERVICE, "", ids[0]]
    tables["services.csv"] = [[*row, to] for row, to in zip(rows, led, strict=True)]
    tables["services.csv"][4][0] = ids[4]
    tables["service_areas.csv"] = [["id", "service_id"], [ids[0], ids[0]], [ids[1], ids[3]]]
    tables["required_documents.csv"] = [["id", "service_id"], ["x", ids[5]]]
    tables["cost_options.csv"] = [["id", "service_id"], [ids[0], files.SERVICE]]

    found = await faults_of(directory, house, tables)

    assert found == {
        ("services.csv", 2, "leads_to"), ("services.csv", 3, "leads_to"), ("services.csv", 4, "leads_to"),
        ("services.csv", 5, "leads_to"), ("services.csv", 6, "id"),
        ("required_documents.csv", 2, "id"), ("cost_options.csv", 2, "service_id"),
    }  # fmt: skip


async def test_a_shelter_has_areas_and_its_address_is_neither_shown_nor_kept(
    directory: Directory, house: House
) -> None:
    tables = files.examples()
    header, first, second = tables["services.csv"]
    first[header.index("name")] = "Kvinnojouren"
    second[header.index("name")] = "Tjejjouren"
    place = tables["locations.csv"][1][0]

    shown = await files.previewed(directory, house, files.zipped(tables))
    found = await directory.listed(f"/imports/{shown['id']}/faults", house.admin.token)
    await files.confirmed(directory, house, shown)
    (hit,) = await directory.listed("/offerings?text=tjejjouren", house.admin.token)
    gone_out = await files.exported(directory, house)

    assert {(one["file"], one["field"]) for one in found} == {
        ("service_at_location.csv", "service_id"), ("locations.csv", "id"),
    }  # fmt: skip
    assert (hit["protected_place"], hit["door"]) == (True, None)
    back = files.unzipped(gone_out)
    assert all(len(back.get(one, [[]])) < 2 for one in ("locations.csv", "addresses.csv"))
    assert place not in str(back["services.csv"])


async def test_an_importer_writes_in_its_own_name_alone(directory: Directory, house: House) -> None:
    other = await directory.a_house()
    content = files.zipped(files.examples())
    foreign = await files.send(directory, house, content, team_id=other.team_id)
    worker = await directory.a_member(house.admin.token, house.id, "caseworker")
    no_admin = await files.send(directory, House(id=house.id, team_id=house.team_id, admin=worker), content)
    mine = await files.imported(directory, house, content)
    theirs = await files.imported(directory, other, content)

    seen = [
        await directory.get(f"/imports/{mine['id']}{what}", other.admin.token) for what in ("", "/faults")
    ]
    put_away = await directory.command(f"/imports/{mine['id']}/discard", other.admin.token, version=1)

    assert (foreign.status_code, no_admin.status_code) == (404, 403)
    assert [one.status_code for one in (*seen, put_away)] == [404, 404, 404]
    assert (mine["published"], theirs["published"]) == (2, 2)
    offered = await directory.rows(
        "select organisation_id::text as whose, count(*) as n from offerings group by 1"
    )
    assert {one["whose"]: one["n"] for one in offered} == {house.id: 2, other.id: 2}
    assert await directory.listed("/imports", other.admin.token) == [theirs]
    empty = await directory.a_house()
    assert files.unzipped(await files.exported(directory, empty)) == {}


async def test_what_is_sent_again_alters_what_it_was_and_never_what_was_taken_over(
    directory: Directory, house: House
) -> None:
    tables = files.examples()
    header, first, second = tables["services.csv"]
    await files.imported(directory, house, files.zipped(tables))
    hits = {
        one["name"]: one for one in await directory.listed("/offerings?text=counselling", house.admin.token)
    }
    assert len(hits) == 1
    ids = {
        one["imported"]["service_id"]: one["id"]
        for one in await directory.listed("/offerings?text=counselling", house.admin.token)
    }
    taken = f"/offerings/{ids[second[0]]}"
    await directory.patch(taken, house.admin.token, version=1, kind="unassessed", name="Vårt samtal")
    first[header.index("status")], first[header.index("name")] = "temporarily closed", "Samtal"
    second[header.index("name")] = "Anything"

    again = await files.imported(directory, house, files.zipped(tables))
    altered = (await directory.get(f"/offerings/{ids[first[0]]}", house.admin.token)).json()
    ours = (await directory.get(taken, house.admin.token)).json()
    gone_out = files.unzipped(await files.exported(directory, house))

    assert (again["published"], again["changed"]) == (0, 1)
    assert (altered["name"], altered["status"], altered["version"]) == ("Samtal", "paused", 2)
    assert (ours["name"], ours["kind"]) == ("Vårt samtal", "unassessed")
    assert [row[header.index("name")] for row in gone_out["services.csv"]] == [
        "name",
        "Samtal",
        "Vårt samtal",
    ]
    assert await directory.listed("/offerings/due", house.admin.token) != []


async def test_an_import_waits_for_its_word_and_can_be_put_away(directory: Directory, house: House) -> None:
    broken = await files.previewed(directory, house, files.zipped({"services.csv": [["id"]]}))
    said = await directory.listed(f"/imports/{broken['id']}/faults", house.admin.token)
    shown = await files.previewed(directory, house, files.zipped(files.examples()))
    path = f"/imports/{shown['id']}"
    stale = await directory.command(f"{path}/confirm", house.admin.token, version=1)
    away = await directory.command(f"{path}/discard", house.admin.token, version=shown["version"])
    late = await directory.command(f"{path}/confirm", house.admin.token, version=away.json()["version"])
    words = await files.send(directory, house, b"hello")
    large = await files.send(directory, house, b"[" + b" " * 16 * 1024 * 1024)

    assert (broken["state"], [one["message"] for one in said]) == ("unreadable", ["It holds no row."])
    assert (stale.status_code, away.json()["state"]) == (412, "discarded")
    assert (late.status_code, late.json()["type"]) == (409, "/problems/import-not-ready")
    assert (words.status_code, large.status_code, large.json()["most_bytes"]) == (422, 413, 16 * 1024 * 1024)
    left = await directory.rows(
        "select (select count(*) from import_batches) + (select count(*) from import_files) as n"
    )
    assert (left[0]["n"], await directory.rows("select from offerings")) == (0, [])
