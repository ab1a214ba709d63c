"""Many want the same offer at once, or its end comes beside a claim: each time there is one winner."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from services.referrals.commands.offers import close_by_clock
from services.referrals.store.offers import CLOSE
from shared.actor import service_actor
from shared.timers import Due
from tests.integration.referrals.offering import (
    a_draft,
    a_yes,
    an_open_offer,
    claim,
    claimed,
    command,
    done,
    more_members,
    offer_body,
    problem,
    told_about,
)
from tests.integration.referrals.world import World

AT_ONCE, REPEATS = 50, 4


async def rows_of(world: World, offer: dict[str, Any], table: str) -> int:
    """How many referrals of the offer's path, or disclosures, stand in the record."""
    where = (
        "path_id = %(path)s"
        if table == "referrals"
        else ("referral_id in (select id from referrals where path_id = %(path)s)")
    )
    query = f"select count(*) as n from {table} where {where}"  # noqa: S608 - constants
    rows = await world.sql(query, {"path": offer["path_id"]}, as_=world.sender.organisation_id)
    count: int = rows[0]["n"]
    return count


async def endings(world: World, offer: dict[str, Any]) -> int:
    """How many times the offer's end was told."""
    told = await told_about(world, offer)
    return told.count("offer.claimed.v1") + told.count("offer.closed.v1")


async def test_of_fifty_claims_at_once_one_wins(world: World) -> None:
    teams = [world.association, *await more_members(world, 4)]
    offer = await an_open_offer(world, *teams)

    answers = await asyncio.gather(*(claim(world, offer, teams[nth % 5]) for nth in range(AT_ONCE)))

    won = [one for one in answers if one.status_code == 200]
    lost = [one for one in answers if one.status_code != 200]
    assert len(won) == 1
    assert {problem(one) for one in lost} == {(409, "illegal-command")}
    assert {(one.json()["state"], str(one.json()["allowed"])) for one in lost} == {("closed", "[]")}
    assert (await rows_of(world, offer, "referrals"), await rows_of(world, offer, "disclosures")) == (1, 1)
    assert (await told_about(world, offer)).count("offer.claimed.v1") == 1
    boxes = [(await world.get("/referrals?box=in", team))["items"] for team in teams]
    assert [one["id"] for box in boxes for one in box] == [won[0].json()["id"]]


async def test_a_withdrawal_beside_a_claim_always_counts(world: World) -> None:
    """Whichever comes first, no read succeeds after it: the same consent goes on as the winner's."""
    (other,) = await more_members(world)
    for _ in range(REPEATS):
        draft = await a_draft(world, world.association, other)
        consent = await a_yes(world, draft)
        offer = await done(world, draft, "open")

        taken, withdrawn = await asyncio.gather(
            claim(world, offer, other),
            world.call("POST", f"/consents/{consent['id']}/withdrawal", world.sender, {}),
        )

        state = (await world.get(f"/offers/{offer['id']}", world.sender))["state"]
        assert withdrawn.status_code == 200
        assert (taken.status_code, state) in {(200, "claimed"), (409, "consent_lost")}
        if taken.status_code == 200:
            referral = taken.json()["id"]
            assert (await world.get(f"/referrals/{referral}", world.sender))["state"] == "consent_lost"
            read = await world.call("GET", f"/referrals/{referral}/disclosure", other)
            assert problem(read) == (409, "consent-ended")
        assert await endings(world, offer) == 1


async def test_a_recall_beside_a_claim_excludes_it(world: World) -> None:
    (other,) = await more_members(world)
    for _ in range(REPEATS):
        offer = await an_open_offer(world, world.association, other)

        taken, recalled = await asyncio.gather(
            claim(world, offer, other), command(world, offer, "recall", world.sender)
        )

        state = (await world.get(f"/offers/{offer['id']}", world.sender))["state"]
        assert (taken.status_code, recalled.status_code, state) in {
            (200, 412, "claimed"), (409, 200, "recalled"),
        }  # fmt: skip
        assert await rows_of(world, offer, "referrals") == (1 if state == "claimed" else 0)


async def test_the_clock_beside_a_claim_excludes_it(world: World) -> None:
    """The ring itself runs beside the claim, at the version that it was set at."""
    (other,) = await more_members(world)
    for _ in range(REPEATS):
        offer = await an_open_offer(world, world.association, other)

        taken, _ = await asyncio.gather(claim(world, offer, other), ring(world, offer))

        state = (await world.get(f"/offers/{offer['id']}", world.sender))["state"]
        assert (taken.status_code, state) in {(200, "claimed"), (409, "expired")}
        assert await rows_of(world, offer, "referrals") == (1 if state == "claimed" else 0)
        assert await endings(world, offer) == 1


async def ring(world: World, offer: dict[str, Any]) -> None:
    """What the clock does when an offer's time is out."""
    due = Due(
        owner=UUID(offer["id"]),
        kind=CLOSE,
        subject=UUID(offer["path_id"]),
        organisation_id=world.sender.organisation_id,
        version=offer["version"],
        due_at=datetime.fromisoformat(offer["closes_at"]),
    )
    async with world.database.transaction(service_actor("referrals")) as tx:
        await tx.act_for(due.organisation_id)
        await close_by_clock(tx, due)


async def test_two_offers_of_a_need_opened_at_once_exclude_each_other(world: World) -> None:
    (other,) = await more_members(world)
    need = await world.a_need()
    drafts = [await a_draft(world, world.association, other, need=need) for _ in range(2)]
    for draft in drafts:
        await a_yes(world, draft)

    answers = await asyncio.gather(*(command(world, one, "open", world.sender) for one in drafts))

    assert sorted(one.status_code for one in answers) == [200, 409]
    assert {one.json().get("type") for one in answers} == {None, "/problems/need-busy"}


async def test_after_three_working_days_it_closes_by_the_clock(living_world: World) -> None:
    world = living_world
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    consent = await a_yes(world, draft)
    offer = await done(world, draft, "open")

    left = "select extract(epoch from %(until)s::timestamptz - app_now())::int as s"
    seconds = (await world.sql(left, {"until": offer["closes_at"]}))[0]["s"]
    await world.advance(seconds=seconds - 600)
    await world.network.settle()
    still = await world.get(f"/offers/{offer['id']}", other)
    await world.advance(seconds=601)
    late = await claim(world, offer, other)
    await world.network.settle()
    after = await world.get(f"/offers/{offer['id']}", world.sender)
    need = await world.get(f"/needs/{offer['need_id']}", world.sender)

    assert still["state"] == "open"
    assert problem(late) == (409, "illegal-command")
    assert (after["state"], after["referral_id"]) == ("expired", None)
    assert (need["state"], need["open_offer_id"]) == ("open", None)
    assert need["accountable_organisation_id"] == str(world.sender.organisation_id)
    assert (await world.get(f"/consents/{consent['id']}", world.sender))["ended_how"] == "unused"
    assert (await told_about(world, offer)).count("offer.closed.v1") == 1


async def test_an_offer_is_never_open_longer_than_the_persons_yes(living_world: World) -> None:
    world = living_world
    (other,) = await more_members(world)
    until = (await world.sql("select app_now() + interval '2 hours' as until"))[0]["until"]
    draft = await a_draft(world, world.association, other)
    consent = await a_yes(world, draft, valid_until=until.isoformat())
    offer = await done(world, draft, "open")
    sooner = (await world.sql("select app_now() + interval '1 hour' as until"))[0]["until"]

    narrowed = await world.post(
        f"/consents/{consent['id']}/narrowing", world.sender, {"valid_until": sooner.isoformat()}
    )
    shorter = await world.get(f"/offers/{offer['id']}", other)
    await world.advance(minutes=61)
    dark = await world.sql("select * from offer_cards", as_=other.organisation_id)
    await world.network.settle()
    after = await world.get(f"/offers/{offer['id']}", world.sender)

    assert offer["closes_at"] == consent["valid_until"]
    assert shorter["closes_at"] == narrowed["valid_until"] < offer["closes_at"]
    assert dark == []
    assert after["state"] in {"consent_lost", "expired"}
    assert (await world.get(f"/offers/{offer['id']}", other))["state"] == "closed"


async def test_a_withdrawal_closes_it_and_nobody_is_told_why(world: World) -> None:
    (other,) = await more_members(world)
    withdrawn, recalled = [await an_open_offer(world, world.association, other) for _ in range(2)]
    consent = withdrawn["consent_ids"][0]

    await world.post(f"/consents/{consent}/withdrawal", world.sender, {})
    await done(world, recalled, "recall")
    seen = [await world.get(f"/offers/{one['id']}", other) for one in (withdrawn, recalled)]
    refused = [await claim(world, one, other) for one in (withdrawn, recalled)]

    for name in ("state", "version", "allowed", "card", "conditions", "referral_id"):
        assert seen[0][name] == seen[1][name], name
    assert refused[0].content == refused[1].content
    assert problem(refused[0]) == (409, "illegal-command")
    again = await world.call("POST", f"/consents/{consent}/withdrawal", world.sender, {})
    assert problem(again) == (409, "consent-ended")


async def test_to_take_back_an_item_is_to_take_the_offer_back(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    consent = offer["consent_ids"][0]

    narrowed = await world.post(f"/consents/{consent}/narrowing", world.sender, {"fields": ["given_name"]})

    assert narrowed["ended_how"] == "withdrawn"
    assert (await world.get(f"/offers/{offer['id']}", world.sender))["state"] == "consent_lost"


async def test_a_claimed_consent_runs_out_with_its_notices(living_world: World) -> None:
    world = living_world
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    referral = await claimed(world, offer, other)
    accepting = {"staff_id": str(other.staff_id), "first_contact_by": "2099-01-01"}
    await world.done(referral, "accept", other, accepting)

    await world.advance(days=90)
    await world.network.settle()
    noticed = (await told_about(world, offer)).count("consent.expiring.v1")
    await world.advance(days=2)
    await world.network.settle()

    assert noticed == 3
    assert (await world.get(f"/referrals/{referral['id']}", other))["state"] == "consent_lost"


async def test_her_own_no_to_the_need_takes_the_offer_back(world: World) -> None:
    (other,) = await more_members(world)
    need = await world.a_need()
    offer = await an_open_offer(world, world.association, other, need=need)
    person = (await world.get(f"/paths/{need['path_id']}", world.sender))["person_id"]

    said = await world.call("POST", f"/me/path/needs/{need['id']}/say_no", world.person_token(person), {})
    seen = await world.get(f"/offers/{offer['id']}", other)
    consent = await world.get(f"/consents/{offer['consent_ids'][0]}", world.sender)
    again = await world.call("POST", "/offers", world.sender, offer_body(need, world.association, other))

    assert said.is_success, said.text
    assert (seen["state"], consent["ended_how"]) == ("closed", "unused")
    assert problem(again) == (409, "consent-refused")
