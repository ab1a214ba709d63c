"""Whether the person wants the offering: her no closes the gate, and ends what is under way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.referrals.kinds import PARTICIPATION, given, said
from tests.integration.referrals.world import OPEN, World

NO = {"answer": "no", "given_by": []}


async def test_a_no_closes_the_gate_and_a_later_yes_opens_it(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    await given(world, draft, PARTICIPATION, **NO)
    refused = await world.command(draft, "send", world.sender)
    await given(world, draft, PARTICIPATION)

    sent = await world.done(draft, "send", world.sender)

    assert (refused.json()["type"], refused.json()["kind"]) == ("/problems/consent-refused", PARTICIPATION)
    assert sent["state"] == "sent"


async def test_it_may_be_asked_about_later(world: World) -> None:
    opened = await world.an_opened_referral()

    yes = await given(world, opened, PARTICIPATION)

    assert (yes["kind"], yes["answer"]) == (PARTICIPATION, "yes")
    assert (await world.get(f"/referrals/{opened['id']}", world.sender))["state"] == "opened"


@pytest.mark.parametrize("is_opened", [False, True])
async def test_taking_it_back_takes_back_what_is_not_accepted_yet(world: World, is_opened: bool) -> None:  # noqa: FBT001
    referral = await world.a_sent_referral()
    if is_opened:
        referral = await world.done(referral, "open", world.association, OPEN)
    yes = await given(world, referral, PARTICIPATION)

    await world.post(f"/consents/{yes['id']}/withdrawal", world.sender, {})

    recalled = await world.get(f"/referrals/{referral['id']}", world.sender)
    timeline = await world.get(f"/referrals/{referral['id']}/timeline", world.sender)
    read = await world.call("GET", f"/referrals/{referral['id']}/disclosure", world.association)
    release = await world.get(f"/consents/{recalled['consent_ids'][0]}", world.sender)
    last = timeline["items"][-1]
    assert recalled["state"] == "recalled"
    assert (last["command"], last["by_side"], last["by_organisation_id"]) == ("recall", "person", None)
    assert read.status_code == 409
    assert release["ended_at"] is None


async def test_a_no_said_later_is_the_same(world: World) -> None:
    opened = await world.an_opened_referral()
    yes = await given(world, opened, PARTICIPATION)

    await given(world, opened, PARTICIPATION, **NO)

    assert (await world.get(f"/consents/{yes['id']}", world.sender))["ended_how"] == "replaced"
    assert (await world.get(f"/referrals/{opened['id']}", world.sender))["state"] == "recalled"


async def test_that_its_time_is_out_is_no_no(living_world: World) -> None:
    opened = await living_world.an_opened_referral(valid_until="2027-09-01")
    until = (await living_world.sql("select app_now() + interval '2 days' as until"))[0]["until"]
    yes: dict[str, Any] = await given(living_world, opened, PARTICIPATION, valid_until=until.isoformat())

    await living_world.advance(days=3)
    await living_world.network.settle()

    ended = await living_world.get(f"/consents/{yes['id']}", living_world.sender)
    told = await living_world.told(opened["path_id"])
    assert ended["ended_how"] == "expired"
    assert (await living_world.get(f"/referrals/{opened['id']}", living_world.sender))["state"] == "opened"
    assert "consent.expiring.v1" not in told


async def test_a_closed_referral_is_not_asked_about(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.done(opened, "recall", world.sender, {"reason": "duplicate"})

    answer = await said(world, opened, PARTICIPATION)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")


@pytest.mark.parametrize("until", ["accept", "start"])
@pytest.mark.parametrize("how", ["withdrawal", "no"])
async def test_taking_it_back_ends_what_is_accepted(world: World, until: str, how: str) -> None:
    opened = await world.an_opened_referral()
    referral = await world.done(opened, "accept", world.association, world.accepting())
    if until == "start":
        met = {"at": "2026-01-05T10:00:00Z", "way": "meeting"}
        referral = await world.done(referral, "start", world.association, met)
    yes = await given(world, referral, PARTICIPATION)

    if how == "no":
        await given(world, referral, PARTICIPATION, **NO)
    else:
        await world.post(f"/consents/{yes['id']}/withdrawal", world.sender, {})

    ended = await world.get(f"/referrals/{referral['id']}", world.sender)
    timeline = await world.get(f"/referrals/{referral['id']}/timeline", world.sender)
    read = await world.call("GET", f"/referrals/{referral['id']}/disclosure", world.association)
    last = timeline["items"][-1]
    assert ended["state"] == "ended"
    assert (last["command"], last["by_side"], last["by_organisation_id"]) == ("end", "person", None)
    assert read.status_code == 409
