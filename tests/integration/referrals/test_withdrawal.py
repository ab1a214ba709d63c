"""A consent's end: one transaction, and no read after it."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.referrals.world import TODAY, World


async def test_a_withdrawal_ends_everything_at_once(world: World) -> None:
    opened = await world.an_opened_referral()
    consent_id = opened["consent_ids"][0]
    disclosure = f"/referrals/{opened['id']}/disclosure"
    assert (await world.call("GET", disclosure, world.association)).status_code == 200

    ended = await world.post(f"/consents/{consent_id}/withdrawal", world.sender, {})

    read = await world.call("GET", disclosure, world.association)
    stranger = await world.call("GET", disclosure, world.stranger)
    lost = await world.get(f"/referrals/{opened['id']}", world.association)
    holders = await world.get(f"/consents/{consent_id}/holders", world.sender)
    assert ended["ended_how"] == "withdrawn"
    assert (read.status_code, read.json()["type"]) == (409, "/problems/consent-ended")
    assert stranger.status_code == 404
    assert (lost["state"], lost["allowed"]) == ("consent_lost", [])
    assert [holder["locked_at"] is not None for holder in holders["items"]] == [True]


async def test_the_card_too_is_gone_for_the_receiver(world: World) -> None:
    sent = await world.a_sent_referral()
    card = f"/referrals/{sent['id']}/card"
    before = await world.get(card, world.association)
    await world.post(f"/consents/{sent['consent_ids'][0]}/withdrawal", world.sender, {})

    after = await world.call("GET", card, world.association)

    assert before == {
        "need_code": "language", "area": "B041", "age_band": "25-39", "language": "so", "urgency": "normal",
    }  # fmt: skip
    assert after.json()["type"] == "/problems/consent-ended"
    assert (await world.call("GET", card, world.sender)).status_code == 200


async def test_withdrawal_and_loss_are_told_in_this_order(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    async with living_world.network.delivered():
        await living_world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", living_world.sender, {})

    told = await living_world.told(opened["path_id"])

    assert told == [
        "path.opened.v1",
        "need.stated.v1",
        "referral.drafted.v1",
        "consent.given.v1",
        "referral.sent.v1",
        "referral.opened.v1",
        "consent.withdrawn.v1",
        "referral.consent_lost.v1",
    ]


async def test_a_consent_is_withdrawn_once(world: World) -> None:
    sent = await world.a_sent_referral()
    path = f"/consents/{sent['consent_ids'][0]}/withdrawal"
    first = await world.call("POST", path, world.sender, {}, key="once")

    again = await world.call("POST", path, world.sender, {}, key="once")
    anew = await world.call("POST", path, world.sender, {})

    assert again.json() == first.json()
    assert (anew.status_code, anew.json()["type"]) == (409, "/problems/consent-ended")


async def test_the_receiver_cannot_withdraw_and_a_stranger_knows_of_nothing(world: World) -> None:
    sent = await world.a_sent_referral()
    path = f"/consents/{sent['consent_ids'][0]}/withdrawal"

    receiver = await world.call("POST", path, world.association, {})
    stranger = await world.call("POST", path, world.stranger, {})

    assert (receiver.status_code, stranger.status_code) == (403, 404)


async def test_time_runs_out_as_a_withdrawal_does(living_world: World) -> None:
    opened = await living_world.an_accepted_referral(valid_until=str(TODAY + timedelta(days=30)))

    await living_world.advance(days=40)
    await living_world.network.settle()

    lost = await living_world.get(f"/referrals/{opened['id']}", living_world.sender)
    consent = await living_world.get(f"/consents/{opened['consent_ids'][0]}", living_world.sender)
    read = await living_world.call("GET", f"/referrals/{opened['id']}/disclosure", living_world.association)
    assert lost["state"] == "consent_lost"
    assert consent["ended_how"] == "expired"
    assert read.json()["type"] == "/problems/consent-ended"
    assert (await living_world.told(opened["path_id"]))[-2:] == [
        "consent.expired.v1",
        "referral.consent_lost.v1",
    ]


async def test_no_read_passes_the_clock_though_the_timer_has_not_rung(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    await living_world.network.stop_worker("referrals")

    await living_world.advance(days=91)

    read = await living_world.call("GET", f"/referrals/{opened['id']}/disclosure", living_world.association)
    assert (read.status_code, read.json()["type"]) == (409, "/problems/consent-ended")
