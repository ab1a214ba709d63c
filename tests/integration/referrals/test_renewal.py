"""The same yes said again: a new consent that carries what the old one carried."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.referrals.domain.consent import end_of
from tests.integration.referrals.world import OPEN, TODAY, Member, World

SOON, LATER = str(TODAY + timedelta(days=30)), str(TODAY + timedelta(days=220))


def said(day: str) -> str:
    """The end of a Swedish day, as it is answered."""
    return end_of(date.fromisoformat(day)).isoformat().replace("+00:00", "Z")


async def renewal_body(world: World, referral: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A yes said again to the text as it is shown now."""
    address = f"/consent-texts?kind=secrecy_release&referral_id={referral['id']}&language=sv"
    text = await world.get(address, world.sender)
    shown = {name: text[name] for name in ("text_version", "text_sha256")}
    return {**shown, "given_how": "spoken", "valid_until": LATER, **changes}


async def renewing(
    world: World, referral: dict[str, Any], by: Member | str | None = None, **changes: Any
) -> Any:
    """The answer to a renewal of the referral's release."""
    consent_id, version = referral["consent_ids"][-1], changes.pop("version", 1)
    body = await renewal_body(world, referral, **changes)
    path = f"/consents/{consent_id}/renewal"
    return await world.call("POST", path, by or world.sender, body, version=version)


async def test_a_renewal_carries_the_referral_and_the_copy(world: World) -> None:
    opened = await world.an_opened_referral(valid_until=SOON)
    before = await world.get(f"/referrals/{opened['id']}/disclosure", world.association)

    answer = await renewing(world, opened)

    new = answer.json()
    old = await world.get(f"/consents/{opened['consent_ids'][0]}", world.sender)
    read = await world.get(f"/referrals/{opened['id']}/disclosure", world.association)
    referral = await world.get(f"/referrals/{opened['id']}", world.association)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/consents/{new['id']}")
    assert (new["renews"], new["valid_until"], new["ended_at"]) == (old["id"], said(LATER), None)
    assert {name: new[name] for name in ("fields", "purpose", "conditions", "language")} == {
        name: old[name] for name in ("fields", "purpose", "conditions", "language")
    }
    assert (old["ended_how"], referral["state"]) == ("renewed", "opened")
    assert referral["consent_ids"] == [old["id"], new["id"]]
    assert read == before
    assert [len((await world.get(f"/consents/{one['id']}/holders", world.sender))["items"])
            for one in (old, new)] == [0, 1]  # fmt: skip


async def test_a_renewed_consent_lives_on_past_the_first_ones_end(living_world: World) -> None:
    opened = await living_world.an_accepted_referral(valid_until=SOON)
    await renewing(living_world, opened)

    await living_world.advance(days=40)
    await living_world.network.settle()
    read = await living_world.call("GET", f"/referrals/{opened['id']}/disclosure", living_world.association)
    told = await living_world.told(opened["path_id"])
    await living_world.advance(days=220)
    await living_world.network.settle()
    late = await living_world.call("GET", f"/referrals/{opened['id']}/disclosure", living_world.association)

    assert read.status_code == 200
    assert "consent.expired.v1" not in told
    assert "consent.renewed.v1" in told
    assert late.json()["type"] == "/problems/consent-ended"


@pytest.mark.parametrize("taken_back", [0, 1, 2], ids=["the first", "the second", "the last"])
async def test_taking_back_a_renewed_consent_ends_what_is_shared(world: World, taken_back: int) -> None:
    opened = await world.an_opened_referral()
    second = (await renewing(world, opened)).json()
    last = (await renewing(world, {**opened, "consent_ids": [second["id"]]})).json()
    which = [second["renews"], second["id"], last["id"]][taken_back]

    answer = await world.call("POST", f"/consents/{which}/withdrawal", world.sender, {})
    again = await world.call("POST", f"/consents/{which}/withdrawal", world.sender, {})

    lost = await world.get(f"/referrals/{opened['id']}", world.sender)
    read = await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)
    assert (answer.status_code, answer.json()["id"]) == (200, last["id"])
    assert (again.json()["type"], again.json()["ended_how"]) == ("/problems/consent-ended", "withdrawn")
    assert lost["state"] == "consent_lost"
    assert read.json()["type"] == "/problems/consent-ended"


async def test_a_referral_goes_on_under_the_renewed_consent(world: World) -> None:
    sent = await world.a_sent_referral()
    await renewing(world, sent)

    opened = await world.done(sent, "open", world.association, OPEN)
    accepted = await world.done(opened, "accept", world.association, world.accepting())

    assert accepted["state"] == "accepted"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_sha256": "0" * 64}, "text_sha256"),
        ({"text_version": 2}, "text_sha256"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"valid_until": "2099-01-01"}, "valid_until"),
        ({"given_how": "shouted"}, "given_how"),
        ({"fields": ["phone"]}, "fields"),
    ],
)
async def test_a_renewal_must_be_what_was_asked(world: World, changes: dict[str, Any], field: str) -> None:
    opened = await world.an_opened_referral()

    answer = await renewing(world, opened, **changes)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_only_the_sending_team_records_a_renewal(world: World) -> None:
    person = await world.a_person()
    draft = await world.a_draft(await world.a_need(person["id"]))
    await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)

    receiver = await renewing(world, sent, world.association)
    herself = await renewing(world, sent, world.person_token(person["id"]))
    stranger = await renewing(world, sent, world.stranger)
    stale = await renewing(world, sent, version=7)
    consent_id = sent["consent_ids"][0]
    unseen = await world.call(
        "POST", f"/consents/{consent_id}/renewal", world.sender, await renewal_body(world, sent)
    )

    assert [answer.status_code for answer in (receiver, herself, stranger, stale, unseen)] == [
        403, 403, 404, 412, 428,
    ]  # fmt: skip


async def test_what_lives_no_more_is_not_renewed(world: World) -> None:
    withdrawn, twice = await world.an_opened_referral(), await world.an_opened_referral()
    await world.post(f"/consents/{withdrawn['consent_ids'][0]}/withdrawal", world.sender, {})
    await renewing(world, twice)
    refusing = await world.a_draft()
    no = await world.a_consent(refusing, answer="no", fields=[])

    after_withdrawal = await renewing(world, withdrawn, version=2)
    after_renewal = await renewing(world, twice, version=2)
    of_a_no = await renewing(world, {**refusing, "consent_ids": [no["id"]]})

    assert after_withdrawal.json()["type"] == "/problems/consent-ended"
    assert after_renewal.json()["type"] == "/problems/consent-ended"
    assert of_a_no.json()["type"] == "/problems/consent-refused"


async def test_what_has_run_out_is_not_renewed(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    await living_world.network.stop_worker("referrals")
    await living_world.advance(days=91)

    answer = await renewing(living_world, opened)

    assert answer.json()["type"] == "/problems/consent-expired"


async def test_the_same_key_renews_once(world: World) -> None:
    opened = await world.an_opened_referral()
    path, body = f"/consents/{opened['consent_ids'][0]}/renewal", await renewal_body(world, opened)

    first = await world.call("POST", path, world.sender, body, key="again", version=1)
    second = await world.call("POST", path, world.sender, body, key="again", version=1)

    assert (first.status_code, first.json()) == (second.status_code, second.json())
