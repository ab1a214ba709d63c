"""The person's own no to a step of her path: no reason, no price, and hers to take back."""

from __future__ import annotations

from typing import Any

import pytest

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.homes import done as done_with_need
from tests.integration.referrals.test_clocks import overdue, pass_days
from tests.integration.referrals.test_steps import a_need_of, a_step
from tests.integration.referrals.world import OPEN, STARTED, World

NO = "/problems/consent-refused"
CHOICES = ("say_no", "take_no_back")


async def her_path(world: World) -> tuple[dict[str, Any], str]:
    """A path, and the token of whose it is."""
    person = await world.a_person()
    path = await world.post("/paths", world.sender, {"person_id": person["id"], "goal": "Eget jobb"})
    return path, world.person_token(person["id"])


async def a_need(world: World, path: dict[str, Any]) -> dict[str, Any]:
    body = {"path_id": path["id"], "code": "language", "theme": "individual", "area": "B041"}
    return await world.post("/needs", world.sender, {**body, "urgency": "normal"})


def of_need(need: dict[str, Any], choice: str = "say_no") -> str:
    return f"/me/path/needs/{need['id']}/{choice}"


def of_step(step: dict[str, Any], choice: str = "say_no") -> str:
    return f"/me/path/steps/{step['id']}/{choice}"


async def told(world: World, path: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """What was told of a kind on a path, whether the relay has come to it or not."""
    one = "select body from {} where subject = %(path)s and type = %(kind)s"
    query = f"{one.format('untold')} union all {one.format('log')}"
    return [row["body"] for row in await world.sql(query, {"path": path["id"], "kind": kind})]


async def test_she_sees_her_steps_and_needs_and_says_no_to_a_planned_one(world: World) -> None:
    path, her = await her_path(world)
    first = await a_step(world, path)
    second = await a_step(world, path, first)
    need = await a_need_of(world, first)
    loose = await a_need(world, path)

    said = await world.post(of_step(second), her, {})
    again = await world.post(of_step(second), her, {})

    seen = await world.get("/me/path", her)
    at_home = await world.get(f"/paths/{path['id']}/steps/{second['id']}", world.sender)
    assert (seen["goal"], [one["id"] for one in seen["steps"]]) == ("Eget jobb", [first["id"], second["id"]])
    assert [one["id"] for one in seen["needs"]] == [need["id"], loose["id"]]
    assert [bool(one["said_no_at"]) for one in seen["steps"]] == [False, True]
    assert at_home == seen["steps"][1] == said == again
    assert await told(world, path, "step.refused.v1") == [
        {
            "path_id": path["id"],
            "step_id": second["id"],
            "need_id": None,
            "organisation_id": str(world.sender.organisation_id),
            "team_id": str(world.sender.team_id),
        }
    ]


@pytest.mark.parametrize("is_a_step", [True, False])
async def test_while_her_no_stands_nothing_is_drafted_or_sent_for_it(world: World, is_a_step: bool) -> None:  # noqa: FBT001
    path, her = await her_path(world)
    step = await a_step(world, path)
    need = await a_need_of(world, step) if is_a_step else await a_need(world, path)
    address = of_step(step) if is_a_step else of_need(need)
    draft = await world.a_draft(need)
    await world.a_consent(draft)
    await world.post(address, her, {})

    sent = await world.command(draft, "send", world.sender)
    await world.done(draft, "discard", world.sender)
    drafted = await world.call("POST", "/referrals", world.sender, world.draft_body(need["id"]))
    other = await world.a_draft(await a_need(world, path))
    await world.post(address.replace("say_no", "take_no_back"), her, {})

    for refused in (sent, drafted):
        assert (refused.status_code, refused.json()["type"]) == (409, NO)
        assert refused.json()["kind"] == "step"
    assert other["state"] == "draft", "no other help depends on it"
    assert (await world.get(f"/needs/{need['id']}", world.sender))["said_no_at"] is None
    assert (await world.a_draft(need))["state"] == "draft"
    assert len(await told(world, path, "step.wanted.v1")) == 1


async def test_a_no_to_a_steps_need_is_one_to_the_step(world: World) -> None:
    path, her = await her_path(world)
    step = await a_step(world, path)
    need = await a_need_of(world, step)

    said = await world.post(of_need(need), her, {})

    seen = await world.get("/me/path", her)
    assert seen["steps"][0]["said_no_at"] == seen["needs"][0]["said_no_at"] == said["said_no_at"]
    await world.post(of_step(step, "take_no_back"), her, {})
    assert (await world.get("/me/path", her))["needs"][0]["said_no_at"] is None


@pytest.mark.parametrize(
    ("until", "state"),
    [("sent", "recalled"), ("opened", "recalled"), ("accepted", "ended"), ("active", "ended")],
)
async def test_what_is_under_way_is_taken_back_or_ended_by_her(world: World, until: str, state: str) -> None:
    path, her = await her_path(world)
    need = await a_need(world, path)
    draft = await world.a_draft(need)
    await world.a_consent(draft)
    referral = await world.done(draft, "send", world.sender)
    for name, body, come in (
        ("open", OPEN, "opened"),
        ("accept", world.accepting(), "accepted"),
        ("start", STARTED, "active"),
    ):
        if referral["state"] != until:
            referral = await world.done(referral, name, world.association, body)
            assert referral["state"] == come

    await world.post(of_need(need), her, {})

    ended = await world.get(f"/referrals/{referral['id']}", her)
    last = (await world.get(f"/referrals/{referral['id']}/timeline", her))["items"][-1]
    read = await world.call("GET", f"/referrals/{referral['id']}/disclosure", world.association)
    assert (ended["state"], last["by_side"], last["by_organisation_id"]) == (state, "person", None)
    assert read.status_code == 409
    if state == "ended":
        again = await world.command(ended, "reopen", her, {"reason": "jag ångrar mig"})
        assert again.json()["type"] == NO
        await world.post(of_need(need, "take_no_back"), her, {})
        assert (await world.done(ended, "reopen", her, {"reason": "jag ångrar mig"}))["state"] == until


async def test_a_receiver_cannot_take_its_end_back_against_her_no(world: World) -> None:
    path, her = await her_path(world)
    need = await a_need(world, path)
    draft = await world.a_draft(need)
    await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)
    declined = await world.done(sent, "decline", world.association, {"reason": "age", "sentence": "Nej."})
    await world.post(of_need(need), her, {})

    answer = await world.command(declined, "reopen", world.association, {"reason": "plats"})

    assert (answer.status_code, answer.json()["type"]) == (409, NO)


async def test_what_is_queued_the_gate_turns_back_and_nobody_owes_a_next_step(living_world: World) -> None:
    path, her = await her_path(living_world)
    need, other = await a_need(living_world, path), await a_need(living_world, path)
    sent = await living_world.a_draft(other)
    await living_world.a_consent(sent)
    sent = await living_world.done(sent, "send", living_world.sender)
    draft = await living_world.a_draft(need)
    await living_world.a_consent(draft)
    queued = await living_world.done(draft, "send", living_world.sender, {"undo_s": 60})
    for one in (need, other):
        await living_world.post(of_need(one), her, {})
    while_queued = await living_world.get(f"/referrals/{queued['id']}", her)

    await pass_days(living_world, 12)

    returned = await living_world.get(f"/referrals/{queued['id']}", her)
    recalled = await living_world.get(f"/referrals/{sent['id']}", her)
    reasons = [body["reason"] for body in await told(living_world, path, "referral.returned.v1")]
    assert (while_queued["state"], returned["state"], recalled["state"]) == ("queued", "draft", "recalled")
    assert reasons == ["consent-refused"]
    assert await overdue(living_world, {"path_id": path["id"]}) == []


async def test_a_step_that_only_follows_may_begin_without_the_refused_one(world: World) -> None:
    path, her = await her_path(world)
    first = await a_step(world, path)
    follows = await a_step(world, path, first, outcome="any")
    needs_it = await a_step(world, path, first, outcome="met")

    await world.post(of_step(first), her, {})

    ready = {one["id"]: one["ready"] for one in (await world.get("/me/path", her))["steps"]}
    assert (ready[follows["id"]], ready[needs_it["id"]]) == (True, False)
    assert [body["step_id"] for body in await told(world, path, "step.ready.v1")] == [follows["id"]]


async def test_nobody_says_it_for_her_and_others_parts_do_not_exist(world: World) -> None:
    path, her = await her_path(world)
    step, need = await a_step(world, path), await a_need(world, path)
    _, another = await her_path(world)
    closed = await done_with_need(world, await a_need(world, path), "close")

    for choice in CHOICES:
        for address in (of_step(step, choice), of_need(need, choice)):
            for caller in (world.sender, world.token(world.sender, Role.TEAM_LEAD), world.stranger):
                answer = await world.call("POST", address, caller, {})
                assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-missing")
            foreign = await world.call("POST", address, another, {})
            unknown = await world.call(
                "POST",
                address.replace(step["id"], str(new_id())).replace(need["id"], str(new_id())),
                another,
                {},
            )
            assert (foreign.status_code, foreign.content) == (404, unknown.content)
            assert (await world.call("POST", address, her, {"reason": "x"})).status_code == 422
    late = await world.call("POST", of_need(closed), her, {})

    assert (late.status_code, late.json()["type"], late.json()["state"]) == (
        409,
        "/problems/illegal-command",
        "closed",
    )
    assert await told(world, path, "step.refused.v1") == []
    assert await told(world, path, "step.wanted.v1") == []


async def test_the_same_key_says_it_once_and_each_no_stays(world: World) -> None:
    path, her = await her_path(world)
    step = await a_step(world, path)
    first = await world.call("POST", of_step(step), her, {}, key="same")
    await world.post(of_step(step, "take_no_back"), her, {})
    again = await world.call("POST", of_step(step), her, {}, key="same")
    await world.post(of_step(step), her, {})

    rows = await world.sql("select taken_back_at from own_noes order by id", as_=world.sender.organisation_id)

    assert (again.status_code, again.json()) == (200, first.json())
    assert [bool(row["taken_back_at"]) for row in rows] == [True, False]
    assert await world.sql("select * from own_noes", as_=world.stranger.organisation_id) == []
