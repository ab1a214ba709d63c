"""A locked person is seen by two named staff and by herself; to everybody else she does not exist."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.base import Role
from shared.events.organisations import StaffChanged
from shared.ids import new_id
from tests.integration.referrals.offering import problem
from tests.integration.referrals.protecting import (
    Kept,
    a_kept_person,
    a_whole_life,
    colleague,
    lock,
    locked,
    token_of,
    unlock,
)
from tests.integration.referrals.world import World, person_body

READS = {
    "person_id": ["/persons/{}", "/persons/{}/ratings"],
    "path_id": ["/paths/{}", "/paths/{}/steps"],
    "need_id": ["/needs/{}", "/needs/{}/timeline"],
    "consent_id": ["/consents/{}", "/consents/{}/holders"],
    "referral_id": ["/referrals/{}", "/referrals/{}/card", "/referrals/{}/preview", "/referrals/{}/timeline"],
    "offer_id": ["/offers/{}", "/offers/{}/preview"],
    "transfer_id": ["/transfers/{}"],
    "signpost_id": ["/signposts/{}"],
}
LISTS = ("/persons", "/paths", "/needs", "/referrals", "/offers", "/transfers")


async def statuses(world: World, kept: Kept, by: Any) -> set[int]:
    """What every page about her answers."""
    found = [
        await world.call("GET", page.format(one), by)
        for name, pages in READS.items()
        for page in pages
        for one in kept.ids[name]
    ]
    return {answer.status_code for answer in found}


async def listed(world: World, by: Any) -> dict[str, int]:
    return {page: len((await world.get(page, by))["items"]) for page in LISTS}


async def test_two_see_her_and_nobody_else(world: World) -> None:
    kept = await a_whole_life(world)
    before = await listed(world, world.sender)
    assert await statuses(world, kept, world.sender) == {200}

    said = await locked(world, kept)

    assert (said["person_id"], said["version"], said["unlocked_at"]) == (kept.id, 2, None)
    assert said["staff_ids"] == [str(one) for one in kept.keepers]
    assert {one["team_id"] for one in said["holders"]} == {str(world.association.team_id)}
    assert set(before.values()) != {0}
    assert await statuses(world, kept, world.sender) == {404}
    assert set((await listed(world, world.sender)).values()) == {0}
    for keeper in kept.keepers:
        assert await statuses(world, kept, token_of(world, keeper)) == {200}
        assert (await world.get("/protections", token_of(world, keeper)))["items"][0]["id"] == said["id"]
        by_path = f"/needs?path_id={kept.ids['path_id'][0]}"
        sent = f"/referrals?box=out&path_id={kept.ids['path_id'][0]}"
        assert len((await world.get(sent, token_of(world, keeper)))["items"]) == 6
        assert len((await world.get(by_path, token_of(world, keeper)))["items"]) == len(kept.ids["need_id"])


async def test_she_sees_her_own_as_before(world: World) -> None:
    kept = await a_whole_life(world)
    her = world.person_token(kept.id)
    before = await world.get("/me/path", her)
    await locked(world, kept)

    after = await world.get("/me/path", her)
    assert {**after, "needs": []} == {**before, "needs": []}
    assert [need["id"] for need in after["needs"]] == [need["id"] for need in before["needs"]]
    # All but those to offers, which she is not shown until a team has claimed.
    assert len((await world.get("/me/consents", her))["items"]) >= 5
    assert len((await world.get("/me/referrals", her))["items"]) == 6
    await world.post("/me/ratings", her, {"domain": "health", "step": 4})
    await world.post(f"/me/path/needs/{kept.ids['need_id'][0]}/say_no", her, {})


async def test_what_is_under_way_ends_as_by_a_withdrawal(living_world: World) -> None:
    world = living_world
    kept = await a_whole_life(world)
    (path_id,) = kept.ids["path_id"]
    await world.network.settle()
    before = len(await world.told(path_id))

    await locked(world, kept)
    await world.network.settle()

    keeper = token_of(world, kept.keepers[0])
    her = {
        one["id"]: one["state"]
        for one in (await world.get("/me/referrals", world.person_token(kept.id)))["items"]
    }
    assert sorted(her.values()) == [
        "completed", "consent_lost", "consent_lost", "consent_lost", "declined", "discarded",
    ]  # fmt: skip
    offers = [(await world.get(f"/offers/{one}", keeper))["state"] for one in kept.ids["offer_id"]]
    assert offers == ["consent_lost", "discarded"]
    assert (await world.get(f"/transfers/{kept.ids['transfer_id'][0]}", keeper))["state"] == "recalled"
    assert set((await world.told(path_id))[before:]) == {
        "consent.withdrawn.v1", "offer.closed.v1", "offer.consent_withdrawn.v1", "offer.discarded.v1",
        "referral.consent_lost.v1", "referral.discarded.v1", "need.transfer_recalled.v1", "need.closed.v1",
    }  # fmt: skip
    assert await world.sql("select * from timers where subject = %(path)s", {"path": path_id}) == []


async def test_receivers_hold_an_empty_copy_of_somebody_unknown(world: World) -> None:
    kept = await a_whole_life(world)
    there = (world.association, *kept.helpers)
    await locked(world, kept)

    for member in there:
        token = world.token(member, Role.RECIPIENT, Role.TEAM_LEAD, Role.CASEWORKER)
        for name, page in (("referral_id", "/referrals/{}"), ("offer_id", "/offers/{}"), ("transfer_id", "/transfers/{}"), ("consent_id", "/consents/{}")):  # fmt: skip  # noqa: E501
            for one in kept.ids[name]:
                assert (await world.call("GET", page.format(one), token)).status_code == 404
        pages = ("/referrals", "/offers", "/transfers", "/disclosures")
        assert [(await world.get(page, token))["items"] for page in pages] == [[]] * 4
    held = "select count(*) as n from disclosure_items i join disclosures d on d.id = i.disclosure_id"
    async with await world.admin() as sql:
        row = await (
            await sql.execute(f"{held} where d.referral_id = any (%s)", [kept.ids["referral_id"]])
        ).fetchone()
    assert row == {"n": 0}


async def test_nothing_of_hers_leaves_any_more(world: World) -> None:
    kept = await a_kept_person(world)
    need = await world.a_need(kept.id)
    await locked(world, kept)
    keeper = token_of(world, kept.keepers[0])

    draft = await world.call("POST", "/referrals", keeper, world.draft_body(need["id"]))
    body = {"organisation_id": str(world.association.organisation_id)}
    moved = await world.call("POST", f"/needs/{need['id']}/transfer", keeper, body, version=1)

    assert problem(draft) == problem(moved) == (409, "protected-identity")


async def test_the_two_go_on_with_her_and_nothing_is_told(living_world: World) -> None:
    world = living_world
    kept = await a_kept_person(world)
    await locked(world, kept)
    keeper = token_of(world, kept.keepers[1])

    path = await world.post("/paths", keeper, {"person_id": kept.id, "goal": "Trygg bostad"})
    need = {
        "path_id": path["id"],
        "code": "housing",
        "theme": "individual",
        "area": "B041",
        "urgency": "normal",
    }
    await world.post("/needs", keeper, need)
    await world.network.settle()

    assert await world.told(path["id"]) == []
    assert (await world.call("GET", f"/paths/{path['id']}", world.sender)).status_code == 404
    assert await world.get(f"/paths/{path['id']}", token_of(world, kept.keepers[0])) == path


async def test_one_of_the_two_unlocks_and_the_receivers_are_not_told(living_world: World) -> None:
    world = living_world
    kept = await a_whole_life(world)
    await locked(world, kept)
    await world.network.settle()
    (path_id,) = kept.ids["path_id"]
    before = await world.told(path_id)

    answer = await unlock(world, kept)
    await world.network.settle()

    assert (answer.status_code, answer.json()["version"]) == (200, 3)
    assert answer.json()["unlocked_at"] is not None
    assert await statuses(world, kept, world.sender) == {200}
    told = (await world.told(path_id))[len(before) :]
    assert set(told) == {"need.reopened.v1"}, "she is counted again, as anybody is"
    there = world.token(world.association, Role.RECIPIENT)
    for one in kept.ids["referral_id"]:
        assert (await world.call("GET", f"/referrals/{one}", there)).status_code == 404
    anew = await world.a_draft(await world.a_need(kept.id))
    await world.a_consent(anew)
    sent = await world.done(anew, "send", world.sender)
    assert (await world.get(f"/referrals/{sent['id']}", there))["state"] == "sent"
    assert (await lock(world, kept.id, kept.keepers, version=3)).status_code == 200
    assert (await world.call("GET", f"/referrals/{sent['id']}", there)).status_code == 404


async def test_who_may_lock_and_whom_they_may_name(world: World) -> None:
    kept = await a_kept_person(world)
    one, other = kept.keepers
    foreign, gone = world.association.staff_id, await colleague(world)
    await world.hear(leaver(world, gone))
    receiver = await colleague(world, roles=(Role.RECIPIENT,))
    admin = world.token(world.sender, Role.ORGANISATION_ADMIN, team=None)

    for named in ([], [one], [one, one], [one, other, new_id()]):
        assert problem(await lock(world, kept.id, named)) == (422, "invalid")
    for wrong in (foreign, gone, receiver, new_id()):
        refused = await lock(world, kept.id, [one, wrong])
        assert problem(refused) == (422, "invalid")
        assert refused.json()["errors"] == [
            {"field": "staff_ids.1", "message": "is no active caseworker or team lead of your organisation"}
        ]
    assert problem(await lock(world, kept.id, kept.keepers, version=7)) == (412, "version-stale")
    assert problem(await lock(world, kept.id, kept.keepers, token_of(world, new_id()))) == (
        403,
        "not-your-side",
    )
    for role in (Role.RECIPIENT, Role.COORDINATOR, Role.LOG_REVIEWER):
        refused = await lock(world, kept.id, kept.keepers, world.token(world.sender, role))
        assert problem(refused) == (403, "role-missing")
    assert problem(await lock(world, kept.id, kept.keepers, world.person_token(kept.id))) == (
        403,
        "role-missing",
    )
    assert problem(await lock(world, kept.id, kept.keepers, world.stranger)) == (404, "not-found")
    assert (await lock(world, kept.id, kept.keepers, admin)).status_code == 200


def leaver(world: World, staff_id: Any) -> Any:
    return StaffChanged(
        organisation_id=world.sender.organisation_id,
        staff_id=staff_id,
        team_id=world.sender.team_id,
        roles=(Role.CASEWORKER,),
        active=False,
    )


async def test_a_second_lock_is_refused_to_the_two_and_unknown_to_others(world: World) -> None:
    kept = await a_kept_person(world)
    assert problem(await unlock(world, kept, world.sender, version=1)) == (409, "not-locked")
    await locked(world, kept)
    keeper = token_of(world, kept.keepers[0])

    assert problem(await lock(world, kept.id, kept.keepers, version=2)) == (404, "not-found")
    assert problem(await unlock(world, kept, world.sender)) == (404, "not-found")
    assert problem(await unlock(world, kept, version=1)) == (412, "version-stale")
    assert problem(await unlock(world, kept, world.person_token(kept.id))) == (403, "role-missing")
    assert problem(await lock(world, kept.id, kept.keepers, keeper, version=2)) == (409, "already-locked")
    assert (await world.get(f"/persons/{kept.id}/lock", keeper))["version"] == 2
    assert (await world.call("GET", f"/persons/{kept.id}/lock", world.sender)).status_code == 404


async def test_each_turn_is_in_the_access_log(world: World) -> None:
    kept = await a_kept_person(world)
    await locked(world, kept)
    await unlock(world, kept)

    query = "select actor_id, read from access_log where object_id = %(id)s order by at, id"
    rows = await world.sql(query, {"id": kept.id}, as_=world.sender.organisation_id)

    assert [(row["actor_id"], row["read"]) for row in rows] == [
        (world.sender.staff_id, "lock"),
        (kept.keepers[0], "unlock"),
    ]


async def test_a_kept_answer_is_not_given_again(world: World) -> None:
    """The same key and body would show what may be shown no more."""
    body = person_body(given_name="Ihsan")
    answer = await world.call("POST", "/persons", world.sender, body, key="once")
    kept = Kept(answer.json()["id"], (await colleague(world), await colleague(world)))
    assert (await world.call("POST", "/persons", world.sender, body, key="once")).status_code == 201
    await locked(world, kept)

    assert problem(await world.call("POST", "/persons", world.sender, body, key="once")) == (404, "not-found")


@pytest.mark.parametrize("protected", ["yes", "unknown", None, True])
async def test_who_says_yes_at_once_is_stored_nowhere(world: World, protected: Any) -> None:
    before = await world.rows_in_all_tables()

    answer = await world.call("POST", "/persons", world.sender, person_body(protected_identity=protected))

    assert problem(answer) == (409, "protected-identity")
    assert await world.rows_in_all_tables() == before
