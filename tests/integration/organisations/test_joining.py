"""An association joins: what is asked of it, and what is still missing."""

from __future__ import annotations

from typing import Any

from tests.integration.organisations.directory import Directory, House


async def done(directory: Directory, house: House, token: str) -> list[str]:
    """The steps that the checklist says are done."""
    answer = await directory.get(f"/organisations/{house.id}/onboarding", token)
    said: dict[str, Any] = answer.raise_for_status().json()
    found = [item["step"] for item in said["items"] if item["done"]]
    assert said["complete"] == (len(found) == len(said["items"]))
    return found


async def test_an_association_sees_what_is_done_and_what_is_missing(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house("social_services")
    operator = await directory.operator()
    seen = [await done(directory, house, house.admin.token)]

    path = f"/organisations/{house.id}"
    profile = {"sector": "civil_society", "legal_kind": "association", "organisation_number": "212000-1157"}
    changed = await directory.patch(path, operator, version=1, **profile)
    recipient = await directory.a_member(house.admin.token, house.id, "recipient", team_id=house.team_id)
    seen.append(await done(directory, house, house.admin.token))
    await directory.made("/pledges", recipient.token, version=1)
    for kind in ("data_protection", "iop"):
        await directory.made("/agreements", operator, parties=[house.id, other.id], kind=kind)
    seen.append(await done(directory, house, house.admin.token))
    await directory.an_offering(house)

    assert changed.json()["protection"] == "pledge"
    assert changed.json()["organisation_number"] == "2120001157"
    assert seen == [
        ["team"],
        ["profile", "team", "recipient"],
        ["profile", "team", "recipient", "pledge", "agreement", "data_protection"],
    ]
    assert len(await done(directory, house, operator)) == 7
    # A year and a day later the pledge binds no more.
    await directory.rows("update clock set shift = shift + interval '367 days' returning shift")
    assert "pledge" not in await done(directory, house, operator)


async def test_the_checklist_is_the_houses_and_the_networks(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()

    answer = await directory.get(f"/organisations/{house.id}/onboarding", other.admin.token)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-your-side")


async def test_a_wrong_number_is_refused_in_words_that_do_not_repeat_it(directory: Directory) -> None:
    house = await directory.a_house()
    path = f"/organisations/{house.id}"

    answer = await directory.patch(path, house.admin.token, version=1, organisation_number="212000-1158")
    own = await directory.patch(path, house.admin.token, version=1, legal_kind="foundation")
    fine = await directory.patch(path, house.admin.token, version=1, sector="civil_society", most_at_once=12)

    assert (answer.status_code, own.status_code, fine.status_code) == (422, 403, 200)
    assert "check digit" in answer.text
    assert "1158" not in answer.text
    told = (await directory.told())[-1]
    assert (told["type"], told["body"]["most_at_once"]) == ("organisation.changed.v1", 12)
