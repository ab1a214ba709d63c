"""When an offer is not made and not acted on: each refusal, in the order of the checks."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.offering import (
    PROCESSING,
    a_draft,
    a_yes,
    an_open_offer,
    claim,
    command,
    consent_body,
    done,
    items_of,
    more_members,
    offer_body,
    problem,
    two_kinds,
)
from tests.integration.referrals.world import OPEN, Member, World


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


async def test_a_consent_without_a_receiver_is_not_renewed(world: World) -> None:
    (other,) = await more_members(world)
    draft = await a_draft(world, world.association, other)
    consent = await a_yes(world, draft)
    said = {name: consent[name] for name in ("text_version", "text_sha256", "given_how")}

    answer = await world.call("POST", f"/consents/{consent['id']}/renewal", world.sender, said, version=1)

    assert (problem(answer), answer.json()["state"]) == ((409, "illegal-command"), "offered")
