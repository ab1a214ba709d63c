"""Organisations, teams, offerings and agreements over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from shared.ids import new_id
from tests.integration.organisations.directory import Directory, an_offering


async def test_every_change_is_told_once_and_in_order(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house("social_services")
    operator = await directory.operator()
    offering = await directory.an_offering(house)

    await directory.patch(f"/offerings/{offering['id']}", house.admin.token, version=1, status="paused")
    agreement = await directory.made("/agreements", operator, parties=[house.id, other.id])
    await directory.patch(f"/agreements/{agreement['id']}", operator, version=1, status="ended")
    await directory.made("/pledges", house.admin.token, version=1)
    await directory.patch(f"/staff/{house.admin.id}", house.admin.token, version=1, team_id=house.team_id)
    await directory.patch(f"/organisations/{house.id}", house.admin.token, version=1, status="paused")

    told = [event for event in await directory.told() if str(event["subject"]) == house.id]
    assert [event["type"] for event in told] == [
        "organisation.registered.v1",
        "team.opened.v1",
        "staff.appointed.v1",
        "offering.published.v1",
        "offering.changed.v1",
        "agreement.concluded.v1",
        "agreement.ended.v1",
        "pledge.signed.v1",
        "staff.changed.v1",
        "organisation.changed.v1",
    ]
    assert "Amina" not in str(told)


async def test_an_offering_is_kept_as_it_was_given(directory: Directory) -> None:
    house = await directory.a_house()
    given = an_offering(house)

    made = await directory.post("/offerings", house.admin.token, **given)
    read = await directory.get(made.headers["Location"], house.admin.token)

    seen = read.json()
    assert (made.status_code, made.headers["ETag"], read.headers["ETag"]) == (201, '"1"', '"1"')
    assert made.json() == seen
    assert seen["capacity"].pop("updated_at").endswith("Z")
    assert seen["capacity"].pop("doubted") is False
    assert {name: seen[name] for name in given} == given
    assert (seen["version"], seen["status"], seen["sensitive"]) == (1, "existing", False)


async def test_offerings_are_found_by_what_they_are_for(directory: Directory) -> None:
    house = await directory.a_house()
    offering = await directory.an_offering(house)
    found = {
        "": [offering["id"]],
        "need=language&theme=neighbourhood&area=B041&language=ar&age=18&text=SPRÅK": [offering["id"]],
        "need=housing": [],
        "theme=school": [],
        "area=B022&fits=true": [],
        "language=so&fits=true": [],
        "age=17&fits=true": [],
        "text=%25": [],
    }

    listed = {query: await directory.listed(f"/offerings?{query}", house.admin.token) for query in found}

    assert {query: [one["id"] for one in items] for query, items in listed.items()} == found


async def test_an_ended_offering_is_no_longer_found(directory: Directory) -> None:
    house = await directory.a_house()
    offering = await directory.an_offering(house)

    await directory.patch(f"/offerings/{offering['id']}", house.admin.token, version=1, status="ended")

    assert await directory.listed("/offerings", house.admin.token) == []


async def test_a_list_is_read_page_by_page(directory: Directory) -> None:
    house = await directory.a_house()
    for number in range(4):
        await directory.made("/teams", house.admin.token, organisation_id=house.id, name=f"Lag {number}")

    names, page = [], "/teams?limit=2"
    while page:
        part = (await directory.get(page, house.admin.token)).json()
        names += [team["name"] for team in part["items"]]
        page = f"/teams?limit=2&after={part['next']}" if part["next"] else ""

    assert names == ["Mottagningen", "Lag 0", "Lag 1", "Lag 2", "Lag 3"]


async def test_whoever_saw_an_older_version_learns_what_changed(directory: Directory) -> None:
    house = await directory.a_house()
    path = f"/offerings/{(await directory.an_offering(house))['id']}"
    await directory.patch(path, house.admin.token, version=1, name="Språkcaféet", age_from=16)
    await directory.patch(path, house.admin.token, version=2, capacity={"available": 0, "maximum": 12})

    unseen = await directory.patch(path, house.admin.token, version=None, name="Kafé")
    stale = await directory.patch(path, house.admin.token, version=1, name="Kafé")

    assert (unseen.status_code, stale.status_code) == (428, 412)
    assert stale.json()["changed"] == ["age_from", "capacity", "name"]


async def test_of_two_at_once_one_is_heard(directory: Directory) -> None:
    house = await directory.a_house()
    path = f"/offerings/{(await directory.an_offering(house))['id']}"

    answers = await asyncio.gather(
        *(directory.patch(path, house.admin.token, version=1, name=f"Kafé {n}") for n in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    changed = [event for event in await directory.told() if event["type"] == "offering.changed.v1"]
    assert len(changed) == 1


async def test_the_same_key_has_one_effect(directory: Directory) -> None:
    house = await directory.a_house()
    body = {"organisation_id": house.id, "name": "Kvällslaget"}

    first = await directory.post("/teams", house.admin.token, key="once", **body)
    again = await directory.post("/teams", house.admin.token, key="once", **body)
    other = await directory.post("/teams", house.admin.token, key="once", **body | {"name": "Daglaget"})

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert len(await directory.rows("select from teams where name in ('Kvällslaget', 'Daglaget')")) == 1


async def test_only_the_organisation_itself_changes_its_things(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    offering = await directory.an_offering(house)
    worker = await directory.a_member(house.admin.token, house.id, "caseworker")

    refused = [
        await directory.patch(f"/offerings/{offering['id']}", token, version=7, name="Annat")
        for token in (other.admin.token, worker.token)
    ]
    refused.append(await directory.post("/offerings", other.admin.token, **an_offering(house)))
    refused.append(await directory.post("/organisations", house.admin.token, name="Ny", kind="school"))

    assert [answer.json()["type"] for answer in refused] == [
        "/problems/not-your-side",
        "/problems/role-missing",
        "/problems/not-your-side",
        "/problems/role-missing",
    ]


async def test_a_foreign_team_is_as_unknown_as_none(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()

    answers = [
        await directory.post("/offerings", house.admin.token, **an_offering(house) | {"team_id": team})
        for team in (other.team_id, str(new_id()))
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


async def test_what_is_not_there_is_not_found(directory: Directory) -> None:
    house = await directory.a_house()

    for noun in ("organisations", "teams", "staff", "offerings", "agreements", "pledges"):
        unknown = await directory.get(f"/{noun}/{new_id()}", house.admin.token)
        malformed = await directory.get(f"/{noun}/1", house.admin.token)
        anonymous = await directory.network.http.get(f"{directory.address}/{noun}")

        assert [answer.status_code for answer in (unknown, malformed, anonymous)] == [404, 422, 401], noun


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"colour": "blue"}, "colour"),
    ({"name": ""}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"name": None}, "name"),
    ({"name": "x" * 201}, "name"),
    ({"kind": "club"}, "kind"),
    ({"needs": ["love"]}, "needs.0"),
    ({"languages": ["svenska"]}, "languages.0"),
    ({"age_from": -1}, "age_from"),
    ({"age_from": 30, "age_to": 20}, "age_to"),
    ({"answer_promise_days": 0}, "answer_promise_days"),
    ({"capacity": {"available": 2**40}}, "capacity.available"),
    ({"required_fields": [{"field": "phone", "class": "contact"}]}, "required_fields.0.why"),
    (
        {"required_fields": [{"field": "shoe_size", "class": "normal", "why": "?"}]},
        "required_fields.0.field",
    ),
    ({"team_id": "1"}, "team_id"),
]


async def test_bad_input_is_refused_by_the_name_of_its_field(directory: Directory) -> None:
    house = await directory.a_house()

    for wrong, field in WRONG:
        answer = await directory.post("/offerings", house.admin.token, **an_offering(house) | wrong)

        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), wrong
        assert [error["field"] for error in answer.json()["errors"]] == [field], wrong


async def test_what_cannot_be_read_is_refused(directory: Directory) -> None:
    headers = {
        "Authorization": f"Bearer {await directory.operator()}",
        "Idempotency-Key": "once",
        "Content-Type": "application/json",
    }

    for text in (b'{"name": "\\ud800", "kind": "school"}', b'{"name": "a', b"\xff", b"[]", b"7", b""):
        answer = await directory.network.http.post(
            f"{directory.address}/organisations", content=text, headers=headers
        )

        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), text


async def test_agreements_are_for_the_network_to_write_down(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    operator = await directory.operator()
    coordinator = await directory.a_member(operator, other.id, "coordinator")
    parties = [house.id, other.id]

    agreed = await directory.made("/agreements", coordinator.token, parties=parties, name="IOP 2026")
    path = f"/agreements/{agreed['id']}"
    refused = await directory.post("/agreements", house.admin.token, parties=parties)
    unknown = await directory.post("/agreements", operator, parties=[house.id, str(new_id())])
    alone = await directory.post("/agreements", operator, parties=[house.id, house.id])
    ended = await directory.patch(path, coordinator.token, version=1, status="ended")
    again = await directory.patch(path, coordinator.token, version=2, status="ended")

    assert (await directory.get(path, house.admin.token)).json() == ended.json()
    assert [answer.status_code for answer in (refused, unknown, alone, ended, again)] == [
        403,
        404,
        422,
        200,
        409,
    ]
    assert (again.json()["state"], again.json()["allowed"]) == ("ended", [])


async def test_areas_and_themes_have_their_names(directory: Directory) -> None:
    operator = await directory.operator()

    areas = (await directory.get("/areas", operator)).json()
    themes = (await directory.get("/themes", operator)).json()

    assert {"code": "B041", "name": "Söder", "cluster": "söder"} in areas["items"]
    assert (len(areas["items"]), len(themes["items"]), areas["next"]) == (7, 4, None)
