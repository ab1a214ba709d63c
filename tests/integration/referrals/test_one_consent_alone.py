"""What happens to one consent happens to no other, though sender and receiver are the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.integration.referrals.kinds import PROCESSING, an_opened_sensitive_referral
from tests.integration.referrals.test_narrowing import LEFT, an_undemanding_offering, narrowing
from tests.integration.referrals.test_renewal import renewing
from tests.integration.referrals.world import TODAY, World

RESTS = """
select r.consent_id as referral, d.consent_id as copy from referrals r
join disclosures d on d.referral_id = r.id where r.id = %(id)s
"""


async def rests_on(world: World, referral: dict[str, Any]) -> set[str]:
    """The consents that the referral and its copy rest on now."""
    rows = await world.sql(RESTS, {"id": referral["id"]}, as_=world.sender.organisation_id)
    return {str(value) for value in rows[0].values()}


async def test_what_is_taken_back_of_one_is_still_given_in_another(world: World) -> None:
    one, other = await world.an_opened_referral(), await world.an_opened_referral()
    await an_undemanding_offering(world)
    before = await world.get(f"/consents/{other['consent_ids'][0]}", world.sender)

    shorter = await narrowing(world, one, fields=LEFT, valid_until=str(TODAY + timedelta(days=10)))

    narrowed = await world.get(f"/consents/{one['consent_ids'][0]}", world.sender)
    after = await world.get(f"/consents/{other['consent_ids'][0]}", world.sender)
    assert (narrowed["fields"], narrowed["valid_until"]) == (LEFT, shorter.json()["valid_until"])
    assert narrowed["valid_until"] < before["valid_until"]
    assert after == before


async def test_a_renewal_carries_what_rested_on_its_own_consent_alone(world: World) -> None:
    one, other = await world.an_opened_referral(), await world.an_opened_referral()

    renewed = (await renewing(world, one)).json()

    assert await rests_on(world, one) == {renewed["id"]}
    assert await rests_on(world, other) == set(other["consent_ids"])


async def test_what_has_ended_stays_with_the_consent_it_ended_under(world: World) -> None:
    opened = await world.an_opened_referral()
    no = {"reason": "age", "sentence": "Tyvärr."}
    declined = await world.done(opened, "decline", world.association, no)
    await world.forced(
        f"update disclosures set locked_at = app_now() where referral_id = '{opened['id']}'"  # noqa: S608
    )

    await renewing(world, declined)

    assert await rests_on(world, declined) == {opened["consent_ids"][0]}


async def test_a_locked_copy_stays_with_the_consent_to_its_processing(world: World) -> None:
    opened, ids = await an_opened_sensitive_referral(world)
    await world.forced(
        f"update disclosures set locked_at = app_now() where referral_id = '{opened['id']}'"  # noqa: S608
    )
    address = f"/consent-texts?kind={PROCESSING}&referral_id={opened['id']}&language=sv"
    text = await world.get(address, world.sender)
    said = {**{name: text[name] for name in ("text_version", "text_sha256")}, "given_how": "written"}

    await world.post(f"/consents/{ids[PROCESSING]}/renewal", world.sender, said, version=1)

    rows = await world.sql(
        "select processing_consent_id as id from disclosures where referral_id = %(id)s",
        {"id": opened["id"]},
        as_=world.sender.organisation_id,
    )
    assert [str(row["id"]) for row in rows] == [ids[PROCESSING]]


async def test_the_end_of_a_consent_leaves_what_had_ended_before(world: World) -> None:
    opened = await world.an_opened_referral()
    no = {"reason": "age", "sentence": "Tyvärr."}
    await world.done(opened, "decline", world.association, no)

    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})

    assert (await world.get(f"/referrals/{opened['id']}", world.sender))["state"] == "declined"


async def test_a_locked_copy_is_not_there(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.forced(
        f"update disclosures set locked_at = app_now() where referral_id = '{opened['id']}'"  # noqa: S608
    )

    read = await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)

    assert (read.status_code, read.json()["type"]) == (404, "/problems/not-found")


async def test_only_what_she_says_yes_to_now_sets_conditions(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft, conditions=["inte på kvällar"])
    await world.a_consent(draft, conditions=["bara per telefon"])
    refused = await world.a_draft()
    await world.a_consent(refused, answer="no", conditions=["aldrig"])

    seen = [await world.get(f"/referrals/{one['id']}/preview", world.sender) for one in (draft, refused)]

    assert [one["conditions"] for one in seen] == [["bara per telefon"], []]
