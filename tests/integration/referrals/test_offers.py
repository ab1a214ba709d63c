"""An open offer from its draft to the referral that one team gets by it."""

from __future__ import annotations

from datetime import datetime

from services.referrals.domain.working_days import last_second, working_day
from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.offering import (
    a_draft,
    a_yes,
    an_open_offer,
    claim,
    claimed,
    command,
    done,
    fields_of,
    items_of,
    more_members,
    offer_body,
    problem,
    told_about,
    two_kinds,
)
from tests.integration.referrals.world import STARTED, TODAY, World

ASKED = {
    "id", "version", "state", "allowed", "offering_id", "card", "conditions", "opened_at", "closes_at",
    "closed_at", "referral_id",
}  # fmt: skip


async def test_one_team_claims_and_has_an_opened_referral(world: World) -> None:
    first, second = await more_members(world, 2)
    offer = await an_open_offer(world, world.association, first, second)
    foreseen = (await world.get(f"/offers/{offer['id']}/preview", world.sender))["teams"][1]

    answer = await claim(world, offer, first)
    referral = answer.json()
    read = await world.get(f"/referrals/{referral['id']}/disclosure", first)
    steps = (await world.get(f"/referrals/{referral['id']}/timeline", first))["items"]
    kept = await world.get(f"/offers/{offer['id']}", world.sender)

    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert (referral["state"], referral["version"]) == ("opened", 1)
    assert referral["allowed"] == ["ask", "waitlist", "accept", "decline", "forward"]
    assert referral["to_team_id"] == str(first.team_id)
    assert referral["to_staff_id"] is None
    assert referral == await world.get(f"/referrals/{referral['id']}", first)
    assert (read["sha256"], read["items"]) == (foreseen["sha256"], foreseen["items"])
    assert read["conditions"] == ["får inte lämnas vidare"]
    assert [(step["command"], step["by_side"], step["state"]) for step in steps] == [
        ("claim", "receiver", "opened")
    ]
    assert steps[0]["by_organisation_id"] == str(first.organisation_id)
    assert (kept["state"], kept["referral_id"], kept["allowed"]) == ("claimed", referral["id"], [])
    assert [one for one in await told_about(world, offer) if one.startswith(("offer", "consent", "ref"))] == [
        "offer.claimed.v1", "offer.consent_given.v1", "offer.drafted.v1", "offer.opened.v1",
    ]  # fmt: skip


async def test_the_teams_see_the_card_and_how_long_it_is_open(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)

    seen = await world.get(f"/offers/{offer['id']}", other)
    closes_at = datetime.fromisoformat(offer["closes_at"])

    assert set(seen) == ASKED
    assert (seen["state"], seen["allowed"], seen["conditions"]) == ("open", ["claim"], 1)
    assert seen["card"] == offer["card"]
    assert seen["card"] == {
        "need_code": "language", "area": None, "age_band": "18+", "language": None, "urgency": "normal",
    }  # fmt: skip
    assert closes_at == last_second(working_day(TODAY, 3))
    assert seen["closes_at"] == offer["closes_at"]
    for secret in (offer["need_id"], offer["path_id"], str(world.sender.organisation_id), "Amina"):
        assert secret not in str(seen)


async def test_five_who_are_alike_make_the_card_no_coarser(world: World) -> None:
    (other,) = await more_members(world)
    for _ in range(3):
        await world.a_need()
    few = await an_open_offer(world, world.association, other)
    enough = await an_open_offer(world, world.association, other)

    assert (few["card"]["area"], few["card"]["age_band"], few["card"]["language"]) == (None, "18+", None)
    card = {
        "need_code": "language",
        "area": "B041",
        "age_band": "25-39",
        "language": "so",
        "urgency": "normal",
    }
    assert enough["card"] == card


async def test_to_the_others_it_has_closed_and_no_more(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    referral = await claimed(world, offer, world.association)

    lost = await world.get(f"/offers/{offer['id']}", other)
    won = await world.get(f"/offers/{offer['id']}", world.association)
    late = await claim(world, offer, other)

    assert set(lost) == ASKED
    assert (lost["state"], lost["card"], lost["referral_id"], lost["allowed"]) == ("closed", None, None, [])
    assert (won["state"], won["card"], won["referral_id"]) == ("claimed", None, referral["id"])
    assert str(world.association.organisation_id) not in str(lost)
    assert problem(late) == (409, "illegal-command")
    assert (late.json()["state"], late.json()["allowed"]) == ("closed", [])


async def test_the_identity_is_the_winners_alone(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    referral = await claimed(world, offer, world.association)
    consent = referral["consent_ids"][0]

    for path in (
        "", "/card", "/preview", "/disclosure", "/timeline", "/words", "/answer",
    ):  # fmt: skip
        assert problem(await world.call("GET", f"/referrals/{referral['id']}{path}", other)) == (
            404,
            "not-found",
        )
    for path in (
        f"/consents/{consent}", f"/consents?referral_id={referral['id']}", f"/needs/{offer['need_id']}",
        f"/consents/{consent}/holders", f"/paths/{offer['path_id']}",
        f"/consent-texts?kind=secrecy_release&referral_id={referral['id']}",
    ):  # fmt: skip
        assert (await world.call("GET", path, other)).status_code in {403, 404}, path
    for path in (
        f"/offers/{offer['id']}/preview", f"/consents?offer_id={offer['id']}",
        f"/consent-texts?kind=secrecy_release&offer_id={offer['id']}",
    ):  # fmt: skip
        for team in (other, world.association):
            assert (await world.call("GET", path, team)).status_code == 403, path
    assert (await world.get("/referrals", other))["items"] == []
    assert "Amina" not in str(await world.get("/offers", other))


async def test_the_winner_learns_nothing_of_the_others(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    referral = await claimed(world, offer, world.association)

    consent = await world.get(f"/consents/{referral['consent_ids'][0]}", world.association)
    at_home = await world.get(f"/consents/{referral['consent_ids'][0]}", world.sender)

    assert (consent["offered_to"], consent["to_team_id"]) == ([], str(world.association.team_id))
    assert str(other.team_id) not in str(consent)
    assert [one["team_id"] for one in at_home["offered_to"]] == [
        str(world.association.team_id), str(other.team_id),
    ]  # fmt: skip


async def test_all_that_comes_after_a_claim_is_as_for_any_referral(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    referral = await claimed(world, offer, world.association)

    accepted = await world.done(referral, "accept", world.association, world.accepting())
    active = await world.done(accepted, "start", world.association, STARTED)
    need = await world.get(f"/needs/{offer['need_id']}", world.sender)
    completed = await world.done(
        active, "complete", world.association, {"outcome": "met", "sentence": "Klart."}
    )

    assert need["accountable_organisation_id"] == str(world.association.organisation_id)
    assert (need["open_referral_id"], need["open_offer_id"]) == (referral["id"], None)
    assert completed["state"] == "completed"
    assert (await world.get(f"/needs/{offer['need_id']}", world.sender))["state"] == "answered"


async def test_one_yes_is_narrowed_to_the_winner_and_its_items(world: World) -> None:
    """Each team needs something else: asked about all of it, given its own."""
    school, care = await two_kinds(world)
    items = items_of("given_name", "phone", "health")
    draft = await a_draft(world, school, care, items=items)
    consent = await a_yes(world, draft)
    offer = await done(world, draft, "open")

    referral = await claimed(world, offer, school)
    read = await world.get(f"/referrals/{referral['id']}/disclosure", school)
    after = await world.get(f"/consents/{consent['id']}", world.sender)

    assert consent["fields"] == ["given_name", "health", "phone"]
    assert (consent["referral_id"], consent["to_organisation_id"]) == (None, None)
    assert fields_of(read) == ["given_name", "phone"]
    assert referral["consent_ids"] == [consent["id"]]
    assert (after["fields"], after["ended_at"]) == (["given_name", "phone"], None)
    assert (after["referral_id"], after["to_team_id"]) == (referral["id"], str(school.team_id))
    withdrawn = await world.post(f"/consents/{consent['id']}/withdrawal", world.sender, {})
    gone = await world.call("GET", f"/referrals/{referral['id']}/disclosure", school)
    assert withdrawn["ended_how"] == "withdrawn"
    assert problem(gone) == (409, "consent-ended")


async def test_boxes_hold_what_was_asked_and_what_was_made(world: World) -> None:
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    first = await an_open_offer(world, world.association, other)
    second = await an_open_offer(world, world.association, other)

    async def ids(query: str, by: object) -> list[str]:
        return [one["id"] for one in (await world.get(f"/offers{query}", by))["items"]]  # type: ignore[arg-type]

    assert await ids("?box=in", other) == await ids("", other) == [second["id"], first["id"]]
    assert await ids("?box=out", other) == await ids("?box=in", world.sender) == []
    assert await ids("?box=out", world.sender) == [second["id"], first["id"], draft["id"]]
    assert await ids("", world.stranger) == await ids("?box=in", world.token(other, team=new_id())) == []
    page = await world.get("/offers?limit=1", other)
    assert await ids(f"?limit=1&after={page['next']}", other) == [first["id"]]


async def test_the_person_sees_whom_she_was_asked_about(world: World) -> None:
    (other,) = await more_members(world)
    need = await world.a_need()
    person = (await world.get(f"/paths/{need['path_id']}", world.sender))["person_id"]
    offer = await an_open_offer(world, world.association, other, need=need)
    herself = world.person_token(person)

    mine = (await world.get("/me/consents", herself))["items"]
    seen = await world.get(f"/offers/{offer['id']}", herself)
    stranger = await world.call("GET", f"/offers/{offer['id']}", world.person_token(str(new_id())))

    assert [(one["offer_id"], one["referral_id"], one["holders"]) for one in mine] == [
        (offer["id"], None, [])
    ]
    assert len(mine[0]["offered_to"]) == 2
    assert (seen["state"], seen["allowed"]) == ("open", [])
    assert (await world.call("GET", f"/offers/{offer['id']}/preview", herself)).status_code == 200
    assert problem(stranger) == (404, "not-found")
    withdrawn = await world.post(f"/consents/{mine[0]['id']}/withdrawal", herself, {})
    assert withdrawn["ended_how"] == "withdrawn"
    assert (await world.get(f"/offers/{offer['id']}", herself))["state"] == "consent_lost"


async def test_a_draft_is_seen_by_no_team_and_can_be_thrown_away(world: World) -> None:
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    consent = await a_yes(world, draft)

    hidden = await world.call("GET", f"/offers/{draft['id']}", other)
    early = await claim(world, draft, other)
    discarded = await done(world, draft, "discard")

    assert draft["allowed"] == ["discard", "open"]
    assert problem(hidden) == problem(early) == (404, "not-found")
    assert (discarded["state"], discarded["allowed"]) == ("discarded", [])
    assert (await world.get(f"/consents/{consent['id']}", world.sender))["ended_how"] == "unused"
    again = await command(world, discarded, "open", world.sender)
    assert (problem(again), again.json()["state"]) == ((409, "illegal-command"), "discarded")


async def test_the_same_keys_do_each_thing_once(world: World) -> None:
    (other,) = await more_members(world)
    body = offer_body(await world.a_need(), world.association, other)
    drafts = [await world.call("POST", "/offers", world.sender, body, key="draft") for _ in range(2)]
    reused = await world.call("POST", "/offers", world.sender, {**body, "message": "x"}, key="draft")
    offer = drafts[0].json()
    await a_yes(world, offer)
    offer = await done(world, offer, "open")

    claims = [await claim(world, offer, other, key="claim") for _ in range(2)]

    assert [one.status_code for one in drafts] == [201, 201]
    assert drafts[0].json() == drafts[1].json()
    assert drafts[0].headers["location"] == f"/offers/{offer['id']}"
    assert problem(reused) == (422, "key-reused")
    assert [one.status_code for one in claims] == [200, 200]
    assert claims[0].json() == claims[1].json()
    lead = world.token(other, Role.TEAM_LEAD)
    assert len((await world.get("/referrals?box=in", lead))["items"]) == 1
