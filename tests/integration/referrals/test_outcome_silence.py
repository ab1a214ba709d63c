"""Silence about how it went, and the walls around the voices inside the database."""

from __future__ import annotations

import pytest
from psycopg.errors import InsufficientPrivilege

from tests.integration.referrals.test_clocks import pass_days
from tests.integration.referrals.test_outcomes import address, completed, say
from tests.integration.referrals.world import World


async def test_the_database_keeps_her_voice_from_the_receiver(world: World) -> None:
    done, person = await completed(world)
    await say(world, done, world.sender, "sender", "met", sentence="Bra.")
    await say(world, done, person, "person", "unmet", sentence="Nej.")
    await say(world, done, world.association, "provider", "met", sentence="Klart.")
    receiver, sender = world.association.organisation_id, world.sender.organisation_id
    as_her = "insert into referral_outcomes select uuidv7(), referral_id, since, version, 'person', 'person',"
    as_her += " 'met', at, from_organisation_id, to_organisation_id from referral_outcomes limit 1"

    heard = await world.sql("select voice from referral_outcomes order by at", as_=receiver)
    read = await world.sql("select party from outcome_words", as_=receiver)
    at_home = await world.sql("select party from outcome_words", as_=sender)

    assert [row["voice"] for row in heard] == ["provider", "sender", "provider"]
    assert [row["party"] for row in read] == ["receiver"]
    assert len(at_home) == 3
    for statement in (as_her, "update referral_outcomes set met = 'met'", "delete from referral_outcomes"):
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=receiver)
    for table in ("outcome_words", "outcome_notes", "referral_outcomes"):
        with pytest.raises(InsufficientPrivilege):
            await world.sql(f"delete from {table}", as_=sender)  # noqa: S608 - constants


async def test_after_a_fortnight_both_are_asked_and_then_their_silence_is_noted(living_world: World) -> None:
    done, person = await completed(living_world)
    other, _ = await completed(living_world)
    await say(living_world, other, living_world.sender, "sender", "met")
    await pass_days(living_world, 13)
    early = await living_world.get(f"/me{address(done)}", person)
    await pass_days(living_world, 2)
    asked = await living_world.get(f"/me{address(done)}", person)
    await pass_days(living_world, 30)
    silent = await living_world.get(address(done), living_world.sender)
    there = await living_world.get(address(done), living_world.association)
    await say(living_world, done, person, "person", "met")
    spoken_late = await living_world.get(address(done), living_world.sender)
    half = await living_world.get(address(other), living_world.sender)

    assert (early["asked_at"], asked["silent"], asked["provider_only"]) == (None, [], False)
    assert (silent["silent"], silent["provider_only"]) == (["sender", "person"], True)
    assert silent["silent_at"] > silent["asked_at"] == asked["asked_at"]
    assert (there["silent"], there["provider_only"], there["asked_at"]) == ([], False, None)
    assert (spoken_late["silent"], spoken_late["provider_only"]) == (["sender"], False)
    assert (half["silent"], half["provider_only"]) == (["person"], False)
    told = await living_world.told(done["path_id"])
    assert [
        one for one in told if one in {"outcome.asked.v1", "outcome.unsaid.v1", "referral.overdue.v1"}
    ] == [
        "outcome.asked.v1",
        "outcome.unsaid.v1",
    ]
