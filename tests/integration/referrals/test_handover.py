"""The first story: a person, her need, her consent, and a hand-over to one association."""

from __future__ import annotations

from tests.integration.referrals.world import OPEN, THREE_ITEMS, World


async def test_a_referral_is_sent_opened_and_accepted(world: World) -> None:
    draft = await world.a_draft()
    consent = await world.a_consent(draft)

    sent = await world.done(draft, "send", world.sender)
    opened = await world.done(sent, "open", world.association, OPEN)
    disclosure = await world.get(f"/referrals/{draft['id']}/disclosure", world.association)
    accepted = await world.done(opened, "accept", world.association, world.accepting())

    assert [draft["state"], sent["state"], opened["state"], accepted["state"]] == [
        "draft", "sent", "opened", "accepted",
    ]  # fmt: skip
    assert {item["field"]: item["value"] for item in disclosure["items"]} == THREE_ITEMS
    assert accepted["to_staff_id"] == str(world.association.staff_id)
    assert accepted["consent_ids"] == [consent["id"]]
