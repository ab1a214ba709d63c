"""Notices before a consent's end, and what sets them anew."""

from __future__ import annotations

from typing import Any

from tests.integration.referrals.test_renewal import renewal_body
from tests.integration.referrals.world import World


async def notices(world: World, path_id: str) -> list[int]:
    """The days of the notices told, in order."""
    await world.network.settle()
    rows = await world.sql(
        "select body->'days' as days from log where subject = %(path)s and type = 'consent.expiring.v1'"
        " order by seq",
        {"path": path_id},
    )
    return [row["days"] for row in rows]


async def test_notice_is_given_fourteen_seven_and_one_day_before(living_world: World) -> None:
    opened = await living_world.an_accepted_referral()
    seen = []
    for days in (70, 8, 7, 5):
        await living_world.advance(days=days)
        seen.append(await notices(living_world, opened["path_id"]))

    referral = await living_world.get(f"/referrals/{opened['id']}", living_world.sender)
    assert seen == [[], [14], [14, 7], [14, 7, 1]]
    assert referral["state"] == "accepted"


async def test_notice_is_given_of_what_an_open_referral_rests_on_alone(living_world: World) -> None:
    draft = await living_world.a_draft()
    await living_world.a_consent(draft)
    recalled = await living_world.a_sent_referral()
    await living_world.done(recalled, "recall", living_world.sender, {"reason": "duplicate"})
    withdrawn = await living_world.a_sent_referral()
    await living_world.post(f"/consents/{withdrawn['consent_ids'][0]}/withdrawal", living_world.sender, {})

    await living_world.advance(days=89)

    for referral in (draft, recalled, withdrawn):
        assert await notices(living_world, referral["path_id"]) == []


async def test_a_short_consent_has_the_notices_that_lie_ahead(living_world: World) -> None:
    start = (await living_world.sql("select app_now() + interval '10 days' as until"))[0]["until"]
    opened = await living_world.an_accepted_referral(valid_until=start.isoformat())

    await living_world.advance(days=9, hours=1)

    assert await notices(living_world, opened["path_id"]) == [7, 1]


async def test_a_renewal_sets_the_notices_anew(living_world: World) -> None:
    opened = await living_world.an_accepted_referral()
    await living_world.advance(days=80)
    before = await notices(living_world, opened["path_id"])
    body: dict[str, Any] = await renewal_body(living_world, opened, valid_until=None)
    path = f"/consents/{opened['consent_ids'][0]}/renewal"
    await living_world.post(path, living_world.sender, body, version=1)

    await living_world.advance(days=60)
    between = await notices(living_world, opened["path_id"])
    await living_world.advance(days=20)

    assert (before, between) == ([14], [14])
    assert await notices(living_world, opened["path_id"]) == [14, 14]
