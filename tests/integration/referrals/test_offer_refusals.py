"""When an offer is not made, not opened and not claimed: each refusal, in the order of the checks."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.base import Role
from shared.events.organisations import (
    AgreementEnded,
    OfferingStatus,
    OrganisationChanged,
    OrganisationKind,
    OrganisationStatus,
)
from shared.ids import new_id
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


async def made(world: World, *members: Member, by: Any = None, **changes: Any) -> Any:
    """The answer to an attempt to make an offer."""
    body = offer_body(await world.a_need(), *members, **changes)
    return await world.call("POST", "/offers", by or world.sender, body)


async def test_two_to_five_teams_are_asked_each_once(world: World) -> None:
    members = await more_members(world, 5)
    first, second = members[:2]

    one = await made(world, first)
    six = await made(world, world.association, *members)
    twice = await made(world, first, second, first)
    five = await made(world, *members)

    assert [answer.status_code for answer in (one, six, twice, five)] == [422, 422, 422, 201]
    for answer in (one, six, twice):
        assert answer.json()["errors"][0]["field"] == "teams"


async def test_an_offer_is_made_of_what_there_is(world: World) -> None:
    (other,) = await more_members(world)
    team = {"offering_id": str(other.offering_id), "team_id": str(other.team_id)}

    wrong = {**team, "team_id": str(new_id())}
    unknown = {"offering_id": str(new_id()), "team_id": str(new_id())}
    ours = {"offering_id": str(world.association.offering_id), "team_id": str(world.association.team_id)}
    not_its = await made(world, other, world.association, teams=[ours, wrong])
    nobody = await made(world, other, world.association, teams=[ours, unknown])
    need = await world.call(
        "POST", "/offers", world.sender, offer_body({"id": str(new_id())}, other, world.association)
    )

    assert (problem(not_its), not_its.json()["errors"][0]["field"]) == ((422, "invalid"), "teams.1.team_id")
    assert problem(nobody) == problem(need) == (404, "not-found")


async def test_only_the_persons_own_caseworkers_make_offers(world: World) -> None:
    (other,) = await more_members(world)
    members = (world.association, other)
    body = offer_body(await world.a_need(), *members)

    async def refused(by: Any) -> tuple[int, str]:
        return problem(await world.call("POST", "/offers", by, body))

    assert await refused(world.stranger) == (404, "not-found")
    assert await refused(world.token(world.sender, Role.TEAM_LEAD)) == (403, "role-missing")
    assert await refused(world.association) == (403, "role-missing")
    assert await refused(world.token(world.sender, team=new_id())) == (403, "not-your-side")


async def test_an_item_goes_only_to_teams_that_need_it_and_may_have_it(world: World) -> None:
    """Union in the question, intersection in the answer: each team gets its own of what was asked."""
    school, care = await two_kinds(world)
    no_team_may = await made(world, school, world.association, items=[*items_body(), *items_of("health")])

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


async def test_what_is_asked_of_an_offer_is_what_its_teams_need(world: World) -> None:
    school, care = await two_kinds(world)
    draft = await a_draft(world, school, care, items=items_of("given_name", "phone", "health"))
    right = await consent_body(world, draft)

    async def refused(**changes: Any) -> tuple[int, str]:
        answer = await world.call("POST", "/consents", world.sender, {**right, **changes})
        return answer.status_code, answer.json()["errors"][0]["field"]

    assert await refused(kind="participation", fields=[]) == (422, "kind")
    assert await refused(kind=PROCESSING, fields=[]) == (422, "kind")
    assert await refused(fields=["given_name", "email"]) == (422, "fields")
    assert await refused(text_sha256="0" * 64) == (422, "text_sha256")
    assert await refused(referral_id=str(new_id())) == (422, "body")
    assert await refused(offer_id=None) == (422, "body")
    for query in ("", f"?offer_id={draft['id']}&referral_id={draft['id']}"):
        assert (await world.call("GET", f"/consents{query}", world.sender)).status_code == 422
    text = await world.get(
        f"/consent-texts?kind=secrecy_release&offer_id={draft['id']}&language=sv", world.sender
    )
    assert "2 verksamheter" in text["text"]
    assert "telefonnummer" in text["text"]
    assert "hälsa" in text["text"]


async def test_a_busy_need_is_offered_to_nobody_and_an_offered_need_is_busy(world: World) -> None:
    (other,) = await more_members(world)
    members = (world.association, other)
    need = await world.a_need()
    waiting = await a_draft(world, *members, need=need)
    await a_yes(world, waiting)
    draft = await world.a_draft(need)
    await world.a_consent(draft)
    offer = await an_open_offer(world, *members, need=need)
    version = (await world.get(f"/needs/{need['id']}", world.sender))["version"]

    async def refused(path: str, body: Any, **more: Any) -> tuple[int, str]:
        return problem(await world.call("POST", path, world.sender, body, **more))

    busy = (409, "need-busy")
    assert await refused("/referrals", world.draft_body(need["id"])) == busy
    assert await refused(f"/referrals/{draft['id']}/send", {}, version=draft["version"]) == busy
    assert await refused("/offers", offer_body(need, *members)) == busy
    assert await refused(f"/offers/{waiting['id']}/open", {}, version=1) == busy
    for name, body in (
        ("park", {"until": "2099-01-01"}),
        ("close", {"as": "met", "sentence": "Klart."}),
        ("transfer", {"organisation_id": str(other.organisation_id)}),
    ):
        assert await refused(f"/needs/{need['id']}/{name}", body, version=version) == busy, name
    await done(world, offer, "recall")
    sent = await world.done(draft, "send", world.sender)
    assert await refused("/offers", offer_body(need, *members)) == busy
    assert await refused(f"/offers/{waiting['id']}/open", {}, version=1) == busy
    await world.done(sent, "recall", world.sender, {"reason": "duplicate"})
    assert (await done(world, waiting, "open"))["state"] == "open"


async def test_a_need_that_is_set_aside_is_offered_to_nobody(world: World) -> None:
    (other,) = await more_members(world)
    need = await world.a_need()
    draft = await a_draft(world, world.association, other, need=need)
    await a_yes(world, draft)
    await world.call("POST", f"/needs/{need['id']}/park", world.sender, {"until": "2099-01-01"}, version=1)

    opened = await command(world, draft, "open", world.sender)
    again = await world.call("POST", "/offers", world.sender, offer_body(need, world.association, other))

    assert problem(opened) == problem(again) == (409, "illegal-command")
    assert (opened.json()["state"], again.json()["state"]) == ("parked", "parked")


@pytest.mark.parametrize("name", ["open", "discard", "recall", "claim"])
async def test_each_command_has_its_refusals_in_order(world: World, name: str) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    if name in {"open", "discard"}:
        offer = await a_draft(world, world.association, other)
        await a_yes(world, offer)
    sender, team = world.token(world.sender), world.token(other)
    right, wrong = (team, sender) if name == "claim" else (sender, team)
    both = (Role.CASEWORKER, Role.RECIPIENT)
    body = OPEN if name == "claim" else {}
    of_team = (403, "role-missing") if offer["state"] == "open" or name == "claim" else (404, "not-found")

    async def refused(by: Any, said: Any = None, **more: Any) -> tuple[int, str]:
        more.setdefault("version", 99)
        return problem(await command(world, offer, name, by, body if said is None else said, **more))

    assert await refused(world.stranger) == (404, "not-found")
    assert await refused(wrong) == of_team
    assert await refused(world.token(world.sender, Role.TEAM_LEAD)) == (403, "role-missing")
    assert await refused(world.token(world.sender, *both, team=new_id())) == (403, "not-your-side")
    assert await refused(right, {"colour": "red"}) == (422, "invalid")
    assert await refused(right) == (412, "version-stale")
    missing = await world.call("POST", f"/offers/{offer['id']}/{name}", right, body)
    unknown = await command(world, {**offer, "id": str(new_id())}, name, right, body)
    foreign = await command(world, offer, name, world.stranger, body)
    assert problem(missing) == (428, "version-missing")
    assert (unknown.status_code, unknown.content) == (foreign.status_code, foreign.content)
    assert (await world.get(f"/offers/{offer['id']}", world.sender))["version"] == offer["version"]


async def test_a_team_that_was_not_named_meets_nothing(world: World) -> None:
    first, unnamed = await more_members(world, 2)
    offer = await an_open_offer(world, world.association, first)
    colleagues = world.token(first, Role.RECIPIENT, team=new_id())

    read = await world.call("GET", f"/offers/{offer['id']}", unnamed)
    unknown = await world.call("GET", f"/offers/{new_id()}", unnamed)
    taken = await claim(world, offer, unnamed)
    beside = await claim(world, offer, colleagues)
    looked = await world.call("GET", f"/offers/{offer['id']}", colleagues)

    assert (read.status_code, read.content) == (unknown.status_code, unknown.content)
    assert problem(read) == problem(taken) == (404, "not-found")
    assert problem(beside) == problem(looked) == (403, "not-your-side")
    for role in (Role.NETWORK_ADMIN, Role.LOG_REVIEWER):
        token = world.token(first, role)
        assert problem(await world.call("GET", "/offers", token)) == (403, "role-missing")
        assert problem(await world.call("GET", f"/offers/{offer['id']}", token)) == (403, "role-missing")


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


async def test_a_consent_without_a_receiver_is_not_renewed(world: World) -> None:
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    consent = await a_yes(world, draft)
    said = {name: consent[name] for name in ("text_version", "text_sha256", "given_how")}

    answer = await world.call("POST", f"/consents/{consent['id']}/renewal", world.sender, said, version=1)

    assert (problem(answer), answer.json()["state"]) == ((409, "illegal-command"), "offered")
