"""Every reason why nothing may leave, met through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.events.base import ItemClass, ItemField
from shared.events.organisations import (
    AgreementEnded,
    AgreementKind,
    OfferingKind,
    OfferingStatus,
    OrganisationChanged,
    OrganisationKind,
    OrganisationStatus,
    PledgeSigned,
    RequiredItem,
)
from shared.ids import new_id
from tests.integration.referrals.world import OPEN, THREE_ITEMS, TODAY, World, items_body, told_of


async def refused(world: World, draft: dict[str, Any]) -> dict[str, Any]:
    """The problem that sending meets."""
    answer = await world.command(draft, "send", world.sender)
    assert answer.status_code == 409, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    unchanged = await world.get(f"/referrals/{draft['id']}", world.sender)
    assert (unchanged["state"], unchanged["version"]) == ("draft", draft["version"])
    return problem


async def test_nothing_leaves_without_an_answer_of_the_person(world: World) -> None:
    draft = await world.a_draft()

    problem = await refused(world, draft)

    assert problem["type"] == "/problems/consent-missing"
    assert problem["detail"].startswith("The person has not been asked")


async def test_a_no_is_a_full_answer(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft, answer="no", fields=[], given_by=[])

    assert (await refused(world, draft))["type"] == "/problems/consent-refused"


async def test_a_later_yes_takes_the_place_of_a_no(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft, answer="no", fields=[])
    await world.a_consent(draft)

    sent = await world.done(draft, "send", world.sender)

    assert sent["state"] == "sent"


async def test_a_later_no_takes_the_place_of_a_yes(world: World) -> None:
    draft = await world.a_draft()
    yes = await world.a_consent(draft)
    await world.a_consent(draft, answer="no", fields=[])

    assert (await refused(world, draft))["type"] == "/problems/consent-refused"
    assert (await world.get(f"/consents/{yes['id']}", world.sender))["ended_how"] == "replaced"


async def test_nothing_leaves_after_a_withdrawal(world: World) -> None:
    draft = await world.a_draft()
    consent = await world.a_consent(draft)
    await world.post(f"/consents/{consent['id']}/withdrawal", world.sender, {})

    assert (await refused(world, draft))["type"] == "/problems/consent-ended"


async def test_nothing_leaves_after_the_consents_time(living_world: World) -> None:
    draft = await living_world.a_draft()
    await living_world.network.stop_worker("referrals")
    await living_world.a_consent(draft)
    await living_world.advance(days=91)

    assert (await refused(living_world, draft))["type"] == "/problems/consent-expired"


async def test_nothing_leaves_that_was_not_released(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft, fields=["given_name", "language"])

    problem = await refused(world, draft)

    assert (problem["type"], problem["fields"]) == ("/problems/items-not-released", ["phone"])


async def test_a_consent_to_one_receiver_is_none_to_another(world: World) -> None:
    required = (RequiredItem(field=ItemField.PHONE, item_class=ItemClass.CONTACT),)
    await world.hear(world.offering(world.housing, required_fields=required))
    draft = await world.a_draft(items=items_body(ItemField.PHONE))
    await world.a_consent(draft, fields=["phone"])
    path = f"/referrals/{draft['id']}"
    changed = await world.call(
        "PATCH", path, world.sender, {"offering_id": str(world.housing.offering_id)}, version=1
    )

    assert changed.json()["to_organisation_id"] == str(world.housing.organisation_id)
    assert (await refused(world, changed.json()))["type"] == "/problems/consent-missing"


async def test_nothing_leaves_that_the_offering_does_not_need(world: World) -> None:
    draft = await world.a_draft(items=items_body(*THREE_ITEMS, ItemField.NEED))
    await world.a_consent(draft, fields=[*THREE_ITEMS, "need"])

    problem = await refused(world, draft)

    assert (problem["type"], problem["fields"]) == ("/problems/items-not-allowed", ["need"])


async def test_what_the_offering_needs_must_be_there(world: World) -> None:
    draft = await world.a_draft(items=items_body(ItemField.PHONE))
    await world.a_consent(draft, fields=["phone"])

    problem = await refused(world, draft)

    assert problem["type"] == "/problems/fields-required"
    assert problem["fields"] == ["given_name", "language"]


@pytest.mark.parametrize(
    "closing",
    [{"status": OfferingStatus.PAUSED}, {"status": OfferingStatus.ENDED}, {"kind": OfferingKind.OPEN_DOOR}],
)
async def test_a_closed_offering_takes_nobody(world: World, closing: dict[str, str]) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    await world.hear(world.offering(world.association, **closing))

    assert (await refused(world, draft))["type"] == "/problems/receiver-closed"


async def test_a_paused_organisation_takes_nobody(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    await world.hear(
        OrganisationChanged(
            organisation_id=world.association.organisation_id,
            kind=OrganisationKind.ASSOCIATION,
            status=OrganisationStatus.PAUSED,
        )
    )

    assert (await refused(world, draft))["type"] == "/problems/receiver-closed"


async def test_an_agreement_must_cover_both(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    ended = AgreementEnded(
        organisation_id=world.sender.organisation_id, agreement_id=world.agreed.agreement_id
    )
    await world.hear(ended)

    assert (await refused(world, draft))["type"] == "/problems/agreement-missing"


async def test_data_protection_alone_lets_nothing_travel(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    arranged = world.agreed.model_copy(update={"kind": AgreementKind.DATA_PROTECTION})
    await world.hear(arranged)

    assert (await refused(world, draft))["type"] == "/problems/agreement-missing"

    await world.hear(arranged.model_copy(update={"agreement_id": new_id(), "kind": AgreementKind.IOP}))
    await world.done(draft, "send", world.sender)


async def test_a_pledge_binds_for_its_year_and_is_signed_again(world: World) -> None:
    sent, member = await world.a_sent_referral(), world.association
    pledge = PledgeSigned(
        organisation_id=member.organisation_id,
        staff_id=member.staff_id,
        version=1,
        valid_until=TODAY - timedelta(days=1),
    )
    await world.hear(pledge)

    over = await world.command(sent, "open", member, OPEN)
    await world.hear(pledge.model_copy(update={"valid_until": TODAY}))
    opened = await world.command(sent, "open", member, OPEN)

    assert over.json()["type"] == "/problems/pledge-missing"
    assert opened.status_code == 200, opened.text


async def test_above_most_at_once_the_sender_must_confirm_whoever_sent_the_others(world: World) -> None:
    association = told_of(world.association)[0]
    await world.hear(association.model_copy(update={"most_at_once": 1}))
    shared = (world.stranger.organisation_id, world.association.organisation_id)
    await world.hear(world.agreed.model_copy(update={"agreement_id": new_id(), "parties": shared}))
    world.sender, world.stranger = world.stranger, world.sender
    await world.a_sent_referral()
    world.sender, world.stranger = world.stranger, world.sender
    draft = await world.a_draft()
    await world.a_consent(draft)

    problem = await refused(world, draft)
    confirmed = await world.command(draft, "send", world.sender, {"although_full": True})

    assert (problem["type"], problem["most_at_once"]) == ("/problems/receiver-full", 1)
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "sent")


async def test_a_need_has_one_open_referral(world: World) -> None:
    need = await world.a_need()
    first, second = await world.a_draft(need), await world.a_draft(need)
    await world.a_consent(first)
    await world.a_consent(second)
    await world.done(first, "send", world.sender)

    third = await world.call("POST", "/referrals", world.sender, world.draft_body(need["id"]))

    assert (await refused(world, second))["type"] == "/problems/need-busy"
    assert (third.status_code, third.json()["type"]) == (409, "/problems/need-busy")
    assert (await world.get(f"/needs/{need['id']}", world.sender))["open_referral_id"] == first["id"]


async def test_nobody_opens_without_the_pledge(world: World) -> None:
    sent = await world.a_sent_referral()
    newcomer = world.token(world.association, id=world.housing.organisation_id)

    unsigned = await world.command(sent, "open", newcomer, OPEN)
    older = await world.command(sent, "open", world.association, {**OPEN, "pledge_version": 0})

    assert unsigned.json()["type"] == older.json()["type"] == "/problems/pledge-missing"


async def test_nobody_opens_without_accepting_the_conditions(world: World) -> None:
    sent = await world.a_sent_referral()

    answer = await world.command(sent, "open", world.association, {**OPEN, "conditions_accepted": False})

    assert answer.json()["type"] == "/problems/conditions-not-accepted"


async def test_nobody_opens_or_accepts_after_the_consents_time(living_world: World) -> None:
    sent, opened = await living_world.a_sent_referral(), await living_world.an_opened_referral()
    await living_world.network.stop_worker("referrals")
    await living_world.advance(days=91)

    opening = await living_world.command(sent, "open", living_world.association, OPEN)
    accepting = await living_world.command(
        opened, "accept", living_world.association, living_world.accepting()
    )

    assert opening.json()["type"] == accepting.json()["type"] == "/problems/consent-expired"


async def test_health_never_travels_to_a_housing_company(world: World) -> None:
    required = (RequiredItem(field=ItemField.HEALTH, item_class=ItemClass.SENSITIVE),)
    await world.hear(world.offering(world.housing, required_fields=required))
    need = await world.a_need()
    body = {
        "need_id": need["id"],
        "offering_id": str(world.housing.offering_id),
        "team_id": str(world.housing.team_id),
        "items": items_body(ItemField.HEALTH),
    }

    answer = await world.call("POST", "/referrals", world.sender, body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert answer.json()["errors"][0]["field"] == "items.0.field"
