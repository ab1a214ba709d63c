"""Many at once: one winner, and everybody else is told what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.integration.referrals.races import REPEATS, Turn, begun, lost, raced, settled, told
from tests.integration.referrals.test_renewal import renewal_body
from tests.integration.referrals.world import World

ACCEPTS, DRAFTS = 50, 20


async def test_of_fifty_accepts_one_is_taken(world: World) -> None:
    """Those that share the winner's key have its answer; who saw an older version is always too late."""
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        opened = await begun(world, someone["id"], "opened")
        keys = [f"{turn.seed}:{turn.random.randrange(ACCEPTS)}" for _ in range(ACCEPTS)]
        stale = {key: turn.random.random() < 0.1 for key in keys}

        def accepting(key: str) -> Callable[[], Awaitable[Any]]:
            version = opened["version"] - stale[key]
            body = world.accepting()
            return lambda: world.command(
                opened, "accept", world.association, body, key=f"{opened['id']}{key}", version=version
            )

        answers = await turn.at_once(*map(accepting, keys))

        winners = {key for key, answer in zip(keys, answers, strict=True) if answer.status_code == 200}
        (winner,) = winners
        assert not stale[winner]
        for key, answer in zip(keys, answers, strict=True):
            if key == winner:
                assert answer.json() == answers[keys.index(winner)].json()
            elif not stale[key]:
                lost(answer, "accept", "accepted")
            assert answer.status_code == (200 if key == winner else 412)
        assert (await settled(world, opened))["state"] == "accepted"
        return "the first half" if keys.index(winner) < ACCEPTS / 2 else "the second half"

    await raced(f"{ACCEPTS} accepts", run)


async def test_twenty_identical_drafts_under_one_key_are_one(world: World) -> None:
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        need = await world.a_need(someone["id"])
        body, key = world.draft_body(need["id"]), need["id"]
        answers = await turn.at_once(
            *[lambda: world.call("POST", "/referrals", world.sender, body, key=key)] * DRAFTS
        )

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert (await told(world, need["path_id"])).count("referral.drafted.v1") == 1
        await settled(world, answers[0].json())
        return "all"

    await raced(f"{DRAFTS} drafts under one key", run, sides=1)


async def test_of_twenty_drafts_of_a_need_one_leaves(world: World) -> None:
    """Drafts may be many, for nothing has left the house; of those sent at once one does."""
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        need = await world.a_need(someone["id"])
        body = world.draft_body(need["id"])
        drafted = await turn.at_once(*[lambda: world.call("POST", "/referrals", world.sender, body)] * DRAFTS)
        drafts = [answer.json() for answer in drafted]
        assert {answer.status_code for answer in drafted} == {201}
        assert len({draft["code"] for draft in drafts}) == DRAFTS
        for draft in drafts:
            await world.a_consent(draft)

        def sending(draft: dict[str, Any]) -> Callable[[], Awaitable[Any]]:
            return lambda: world.command(draft, "send", world.sender)

        answers = await turn.at_once(*map(sending, drafts))

        problems = [answer.json()["type"] for answer in answers if answer.status_code == 409]
        assert problems == ["/problems/need-busy"] * (DRAFTS - 1)
        (sent,) = [answer.json() for answer in answers if answer.status_code == 200]
        assert (await told(world, need["path_id"])).count("referral.sent.v1") == 1
        assert (await world.get(f"/needs/{need['id']}", world.sender))["open_referral_id"] == sent["id"]
        late = await world.call("POST", "/referrals", world.sender, body)
        assert (late.status_code, late.json()["type"]) == (409, "/problems/need-busy")
        return f"no. {[answer.status_code for answer in answers].index(200)}"

    await raced(f"{DRAFTS} drafts of one need", run, repeats=REPEATS // 6)


async def test_of_five_renewals_one_is_made(world: World) -> None:
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        opened = await begun(world, someone["id"], "opened")
        path, body = f"/consents/{opened['consent_ids'][0]}/renewal", await renewal_body(world, opened)
        answers = await turn.at_once(*[lambda: world.call("POST", path, world.sender, body, version=1)] * 5)

        assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412, 412]
        known = [answer.json()["changed"] for answer in answers if answer.status_code == 412]
        assert {one["ended_how"] for changed in known for one in changed} == {"renewed"}
        assert (await told(world, opened["path_id"])).count("consent.renewed.v1") == 1
        listed = await world.get(f"/consents?referral_id={opened['id']}", world.sender)
        assert sorted(one["ended_how"] or "" for one in listed["items"]) == ["", "renewed"]
        return f"no. {[answer.status_code for answer in answers].index(201)}"

    await raced("5 renewals", run)
