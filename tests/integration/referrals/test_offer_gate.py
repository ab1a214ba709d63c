"""The gate of an open offer: of each team when it is opened, and again of the one that claims."""

from __future__ import annotations

from typing import Any

from shared.events.organisations import (
    AgreementEnded,
    OfferingStatus,
    OrganisationChanged,
    OrganisationKind,
    OrganisationStatus,
)
from tests.integration.referrals.offering import (
    PROCESSING,
    a_draft,
    a_yes,
    an_open_offer,
    claim,
    claimed,
    command,
    consent_body,
    done,
    items_of,
    more_members,
    offer_body,
    problem,
    required,
    two_kinds,
)
from tests.integration.referrals.world import OPEN, Member, World, items_body, told_of


async def test_an_item_goes_only_to_teams_that_need_it_and_may_have_it(world: World) -> None:
    """Union in the question, intersection in the answer: each team gets its own of what was asked."""
    school, care = await two_kinds(world)
    no_team_may = await world.call(
        "POST",
        "/offers",
        world.sender,
        offer_body(
            await world.a_need(), school, world.association, items=[*items_body(), *items_of("health")]
        ),
    )

    beyond = await a_draft(world, school, care, items=items_of("given_name", "phone", "health", "background"))
    await a_yes(world, beyond, fields=["given_name", "phone", "health"])
    lacking = await a_draft(world, school, care, items=items_of("given_name", "phone"))
    await a_yes(world, lacking)
    fitting = await a_draft(world, school, care, items=items_of("given_name", "phone", "health"))
    preview = await world.get(f"/offers/{fitting['id']}/preview", world.sender)

    assert (problem(no_team_may), no_team_may.json()["errors"][0]["field"]) == (
        (422, "invalid"),
        "items.3.field",
    )
    outside = await command(world, beyond, "open", world.sender)
    missing = await command(world, lacking, "open", world.sender)
    assert (problem(outside), outside.json()["fields"]) == ((409, "items-not-allowed"), ["background"])
    assert (problem(missing), missing.json()["fields"]) == ((409, "fields-required"), ["health"])
    assert missing.json()["team_id"] == str(care.team_id)
    assert [[item["field"] for item in team["items"]] for team in preview["teams"]] == [
        ["given_name", "phone"], ["given_name", "health"],
    ]  # fmt: skip


async def test_an_offering_that_needs_what_its_team_may_not_have_is_asked_in_vain(world: World) -> None:
    """The housing company's offering wants a language, which its kind may never be told."""
    (other,) = await more_members(world, kind=OrganisationKind.HOUSING_COMPANY)
    draft = await a_draft(world, world.association, other)
    await a_yes(world, draft)

    refused = await command(world, draft, "open", world.sender)

    assert (problem(refused), refused.json()["fields"]) == ((409, "fields-required"), ["language"])
    assert refused.json()["team_id"] == str(other.team_id)


async def test_nothing_is_opened_without_the_persons_yes_to_it(world: World) -> None:
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    elsewhere = await a_draft(world, world.association, other)
    await a_yes(world, elsewhere)

    async def refused() -> tuple[tuple[int, str], Any]:
        answer = await command(world, draft, "open", world.sender)
        return problem(answer), answer.json().get("fields")

    assert await refused() == ((409, "consent-missing"), None)
    await a_yes(world, draft, answer="no", given_by=[])
    assert await refused() == ((409, "consent-refused"), None)
    consent = await a_yes(world, draft)
    await world.post(f"/consents/{consent['id']}/withdrawal", world.sender, {})
    assert await refused() == ((409, "consent-ended"), None)
    await a_yes(world, draft, fields=["given_name"])
    assert await refused() == ((409, "items-not-released"), ["language", "phone"])
    newer = await a_yes(world, draft)
    assert (await done(world, draft, "open"))["state"] == "open"
    late = await world.call("POST", "/consents", world.sender, await consent_body(world, draft))
    assert (problem(late), late.json()["state"]) == ((409, "illegal-command"), "open")
    listed = (await world.get(f"/consents?offer_id={draft['id']}", world.sender))["items"]
    assert [one["ended_how"] for one in listed] == [None, "replaced", "withdrawn", None]
    assert listed[0]["id"] == newer["id"]


async def test_a_yes_that_has_run_out_opens_nothing(living_world: World) -> None:
    world = living_world
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    soon = (await world.sql("select app_now() + interval '2 hours' as until"))[0]["until"]
    await a_yes(world, draft, valid_until=soon.isoformat())

    await world.advance(hours=3)
    refused = await command(world, draft, "open", world.sender)

    assert problem(refused) == (409, "consent-expired")


async def test_the_gate_is_asked_of_each_team(world: World) -> None:
    first, second = await more_members(world, 2)
    draft = await a_draft(world, world.association, first, second)
    await a_yes(world, draft)
    organisation = second.organisation_id

    async def refused() -> tuple[tuple[int, str], str]:
        answer = await command(world, draft, "open", world.sender)
        return problem(answer), answer.json()["team_id"]

    await world.hear(AgreementEnded(organisation_id=organisation, agreement_id=second.offering_id))
    assert await refused() == ((409, "agreement-missing"), str(second.team_id))
    await world.hear(world.offering(second, status=OfferingStatus.PAUSED))
    assert await refused() == ((409, "receiver-closed"), str(second.team_id))
    await world.hear(world.offering(second))
    paused = {"organisation_id": organisation, "kind": OrganisationKind.ASSOCIATION}
    await world.hear(OrganisationChanged(**paused, status=OrganisationStatus.PAUSED))
    assert await refused() == ((409, "receiver-closed"), str(second.team_id))


async def test_the_gate_is_asked_again_of_whoever_claims(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)

    await world.hear(AgreementEnded(organisation_id=other.organisation_id, agreement_id=other.offering_id))
    unagreed = await claim(world, offer, other)
    await world.hear(world.offering(world.association, status=OfferingStatus.ENDED))
    closed = await claim(world, offer, world.association)
    await world.hear(world.offering(world.association, required_fields=required("email")))
    changed = await claim(world, offer, world.association)

    assert problem(unagreed) == (409, "agreement-missing")
    assert problem(closed) == (409, "receiver-closed")
    assert (problem(changed), changed.json()["fields"]) == ((409, "fields-required"), ["email"])
    assert (await world.get(f"/offers/{offer['id']}", world.sender))["state"] == "open"
    assert (await world.get("/referrals", world.sender))["items"] == []


async def test_what_is_sensitive_goes_to_no_team_that_may_not_keep_it(world: World) -> None:
    """An association keeps it by her consent alone, an authority by law (R-16)."""
    (club,) = await more_members(world, required_fields=required("need"), sensitive=True)
    (care,) = await more_members(world, kind=OrganisationKind.CARE, required_fields=required("need"))
    draft = await a_draft(world, club, care, items=items_of("given_name", "need"))
    await a_yes(world, draft)

    unasked = await command(world, draft, "open", world.sender)
    await a_yes(world, draft, PROCESSING, answer="no", given_by=[])
    no = await command(world, draft, "open", world.sender)
    half = await a_yes(world, draft, PROCESSING, fields=["need"])
    partly = await command(world, draft, "open", world.sender)
    processing = await a_yes(world, draft, PROCESSING)
    offer = await done(world, draft, "open")
    referral = await claimed(world, offer, club)

    for answer, slug in (
        (unasked, "consent-missing"),
        (no, "consent-refused"),
        (partly, "items-not-released"),
    ):
        assert (problem(answer), answer.json()["kind"]) == ((409, slug), PROCESSING)
        assert answer.json()["team_id"] == str(club.team_id)
    assert half["kind"] == PROCESSING
    assert processing["id"] in referral["consent_ids"]
    await world.post(f"/consents/{processing['id']}/withdrawal", world.sender, {})
    assert (await world.get(f"/referrals/{referral['id']}", club))["state"] == "consent_lost"


async def test_a_winner_with_a_basis_of_its_own_takes_no_consent_to_keep(world: World) -> None:
    (club,) = await more_members(world, required_fields=required("need"), sensitive=True)
    (care,) = await more_members(world, kind=OrganisationKind.CARE, required_fields=required("need"))
    draft = await a_draft(world, club, care, items=items_of("given_name", "need"))
    await a_yes(world, draft)
    processing = await a_yes(world, draft, PROCESSING)
    offer = await done(world, draft, "open")

    referral = await claimed(world, offer, care)
    after = await world.get(f"/consents/{processing['id']}", world.sender)

    assert processing["id"] not in referral["consent_ids"]
    assert (after["ended_how"], after["referral_id"]) == ("unused", None)


async def test_whoever_claims_is_bound_by_pledge_and_conditions(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    unsigned = Member(kind=other.kind, role=other.role)
    unsigned.organisation_id, unsigned.team_id = other.organisation_id, other.team_id
    await world.hear(*told_of(unsigned)[1:3])

    loose = await claim(world, offer, other, body={**OPEN, "conditions_accepted": False})
    older = await claim(world, offer, other, body={**OPEN, "pledge_version": 0})
    without = await claim(world, offer, unsigned)

    assert problem(loose) == (409, "conditions-not-accepted")
    assert problem(older) == problem(without) == (409, "pledge-missing")
    assert (await world.get(f"/offers/{offer['id']}", other))["state"] == "open"
