"""Silence: who is told of it and when, and that it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.referrals.world import TODAY, World


async def overdue(world: World, referral: dict[str, Any]) -> list[tuple[str, str]]:
    """The stages that were told of, and by whom something was owed."""
    rows = await world.sql(
        "select body ->> 'stage' as stage, body ->> 'owed_by' as owed_by from log"
        " where subject = %(path)s and type = 'referral.overdue.v1' order by seq",
        {"path": referral["path_id"]},
    )
    return [(row["stage"], row["owed_by"]) for row in rows]


async def pass_days(world: World, days: int) -> None:
    await world.advance(days=days)
    await world.network.settle()


async def state_of(world: World, referral: dict[str, Any]) -> str:
    state: str = (await world.get(f"/referrals/{referral['id']}", world.sender))["state"]
    return state


async def test_a_silent_receiver_is_reminded_passed_over_and_given_up(living_world: World) -> None:
    sent = await living_world.a_sent_referral()

    await pass_days(living_world, 30)

    steps = await living_world.told(sent["path_id"])
    assert (await overdue(living_world, sent))[:3] == [
        ("reminder", "receiver"),
        ("team_lead", "receiver"),
        ("coordinator", "receiver"),
    ]
    assert "referral.expired.v1" in steps
    assert await state_of(living_world, sent) == "expired"


async def test_a_silent_sender_is_told_that_she_is_asked(living_world: World) -> None:
    sent = await living_world.a_sent_referral()
    asked = await living_world.done(sent, "ask", living_world.association, {"question": "Tider?"})

    await pass_days(living_world, 30)

    assert (await overdue(living_world, asked))[:2] == [("reminder", "sender"), ("team_lead", "sender")]
    assert await state_of(living_world, asked) == "expired"


async def test_what_was_answered_in_time_rings_no_more(living_world: World) -> None:
    sent = await living_world.a_sent_referral()
    await living_world.done(
        sent, "decline", living_world.association, {"reason": "age", "sentence": "Tyvärr."}
    )
    other = await living_world.a_draft({"id": sent["need_id"]})
    await living_world.a_consent(other)
    await living_world.done(other, "send", living_world.sender)

    await pass_days(living_world, 2)

    assert await overdue(living_world, sent) == []
    assert await state_of(living_world, sent) == "declined"


async def test_a_need_that_nobody_has_after_a_no_is_a_gap(living_world: World) -> None:
    sent = await living_world.a_sent_referral()
    await living_world.done(
        sent, "decline", living_world.association, {"reason": "age", "sentence": "Tyvärr."}
    )

    await pass_days(living_world, 12)

    assert await overdue(living_world, sent) == [("team_lead", "sender"), ("gap", "sender")]


async def test_an_accepted_one_without_contact_never_ends_by_itself(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    accepting = living_world.accepting() | {"first_contact_by": str(TODAY + timedelta(days=3))}
    accepted = await living_world.done(opened, "accept", living_world.association, accepting)

    await pass_days(living_world, 30)

    assert [stage for stage, _ in await overdue(living_world, accepted)] == [
        "reminder",
        "team_lead",
        "coordinator",
        "gap",
    ]
    assert await state_of(living_world, accepted) == "accepted"


async def test_a_contact_does_not_ring_again_what_has_rung(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    accepting = living_world.accepting() | {"first_contact_by": str(TODAY)}
    accepted = await living_world.done(opened, "accept", living_world.association, accepting)
    await pass_days(living_world, 1)

    now = await living_world.get(f"/referrals/{accepted['id']}", living_world.association)
    noted = {"kind": "attempted", "at": now["changed_at"]}
    await living_world.done(now, "note_contact", living_world.association, noted)
    await pass_days(living_world, 20)

    stages = [stage for stage, _ in await overdue(living_world, accepted)]
    assert sorted(stages) == ["coordinator", "gap", "reminder", "team_lead"]


async def test_a_rest_that_nobody_ends_is_told_up_to_a_gap(living_world: World) -> None:
    active = await living_world.an_active_referral()
    resting = {"reason": "sjuk", "resume_on": str(TODAY + timedelta(days=2))}
    paused = await living_world.done(active, "pause", living_world.association, resting)

    await pass_days(living_world, 25)

    assert [stage for stage, _ in await overdue(living_world, paused)] == ["reminder", "team_lead", "gap"]
    assert await state_of(living_world, paused) == "paused"
