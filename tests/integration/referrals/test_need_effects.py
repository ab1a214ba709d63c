"""What referrals and the clock do to a need, and who answers for it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.referrals.domain.refusals import IllegalForNeed
from tests.integration.referrals.homes import command, complete, done
from tests.integration.referrals.world import World


async def test_a_need_that_is_handed_over_is_busy(world: World) -> None:
    sent = await world.a_sent_referral()
    need = await world.get(f"/needs/{sent['need_id']}", world.sender)

    for name in ("park", "close"):
        answer = await command(world, need, name)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/need-busy")
    await world.done(sent, "recall", world.sender, {"reason": "duplicate"})
    await done(world, need, "close")


async def test_a_draft_keeps_nothing_from_closing(world: World) -> None:
    need = await world.a_need()
    await world.a_draft(need)

    assert (await done(world, need, "close"))["state"] == "closed"


async def test_the_receiver_answers_for_the_need_once_they_have_met(living_world: World) -> None:
    sent = await living_world.a_sent_referral()
    home, receiver = (str(one.organisation_id) for one in (living_world.sender, living_world.association))

    for state, wanted in {
        "sent": home, "opened": home, "accepted": home, "active": receiver, "paused": receiver,
        "completed": home, "ended": home,
    }.items():  # fmt: skip
        await living_world.as_owner(f"update referrals set state = '{state}'")  # noqa: S608 - a constant
        need = await living_world.get(f"/needs/{sent['need_id']}", living_world.sender)
        assert need["accountable_organisation_id"] == wanted, state
        assert need["home_organisation_id"] == home


async def test_the_clock_opens_what_was_parked_on_the_morning_of_its_day(living_world: World) -> None:
    world = living_world
    today = (await world.sql("select (app_now() at time zone 'Europe/Stockholm')::date as day"))[0]["day"]
    early, late = await world.a_need(), await world.a_need()
    soon, later = today + timedelta(days=7), today + timedelta(days=14)
    early = await done(world, early, "park", body={"until": soon.isoformat()})
    late = await done(world, late, "park", body={"until": later.isoformat()})
    by_hand = await done(world, late, "unpark")
    rows = await world.sql("select owner from timers")
    assert [str(row["owner"]) for row in rows] == [early["id"]]
    again = await done(world, by_hand, "park", body={"until": later.isoformat()})

    rows = await world.sql("select owner, (due_at at time zone 'Europe/Stockholm')::text as due from timers")
    assert {str(row["owner"]): row["due"] for row in rows} == {
        early["id"]: f"{soon} 00:00:00",
        late["id"]: f"{later} 00:00:00",
    }
    await world.advance(days=8)
    await world.network.settle()

    early, late = [await world.get(f"/needs/{one['id']}", world.sender) for one in (early, again)]
    assert (early["state"], early["parked_until"], early["version"]) == ("open", None, 3)
    assert (late["state"], late["version"]) == ("parked", 4)
    assert (await world.told(early["path_id"]))[-1] == "need.unparked.v1"
    turns = (await world.get(f"/needs/{early['id']}/timeline", world.sender))["items"]
    assert (turns[-1]["by_side"], turns[-1]["by_organisation_id"]) == ("clock", None)


async def test_a_completed_referral_answers_its_need_and_a_reopened_one_opens_it(living_world: World) -> None:
    world = living_world
    need = await world.a_need()

    await complete(world, need)
    answered = await world.get(f"/needs/{need['id']}", world.sender)
    await complete(world, need)
    await complete(world, need, "reopened_by_referral")
    opened = await world.get(f"/needs/{need['id']}", world.sender)
    await complete(world, need, "reopened_by_referral")
    await world.network.settle()

    assert (answered["state"], answered["version"]) == ("answered", 2)
    assert answered["allowed"] == ["close", "reopen", "transfer"]
    assert (opened["state"], opened["version"]) == ("open", 3)
    assert (await world.told(need["path_id"]))[2:] == ["need.answered.v1", "need.reopened.v1"]


async def test_a_referral_does_not_open_what_its_home_has_closed(world: World) -> None:
    need = await world.a_need()
    await complete(world, need)
    answered = await world.get(f"/needs/{need['id']}", world.sender)
    closed = await done(world, answered, "close")

    await complete(world, need)
    with pytest.raises(IllegalForNeed):
        await complete(world, need, "reopened_by_referral")

    assert await world.get(f"/needs/{need['id']}", world.sender) == closed


async def test_every_turn_is_told(living_world: World) -> None:
    world = living_world
    need = await world.a_need()
    for name in ("park", "unpark", "close", "reopen"):
        need = await done(world, need, name)
    await world.network.settle()

    assert await world.told(need["path_id"]) == [
        "path.opened.v1", "need.stated.v1", "need.parked.v1", "need.unparked.v1", "need.closed.v1",
        "need.reopened.v1",
    ]  # fmt: skip


async def test_a_draft_of_a_need_that_was_closed_meanwhile_is_not_sent(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    need = await world.get(f"/needs/{draft['need_id']}", world.sender)
    said = {"as": "no_longer_wanted", "sentence": "Hon vill inte längre."}
    await world.post(f"/needs/{need['id']}/close", world.sender, said, version=need["version"])

    answer = await world.command(draft, "send", world.sender)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")
    assert answer.json()["state"] == "closed"


async def test_what_was_declined_is_not_reopened_for_a_need_that_was_closed_meanwhile(world: World) -> None:
    sent = await world.a_sent_referral()
    no = {"reason": "no_capacity", "sentence": "Fullt."}
    declined = await world.done(sent, "decline", world.association, no)
    need = await world.get(f"/needs/{sent['need_id']}", world.sender)
    await done(world, need, "close")

    answer = await world.command(declined, "reopen", world.association, {"reason": "fel knapp"})

    assert (answer.status_code, answer.json()["state"], answer.json()["allowed"]) == (409, "declined", [])
