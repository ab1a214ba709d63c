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
