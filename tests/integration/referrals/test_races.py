"""Many at once: one winner, and everybody else is told what happened."""

from __future__ import annotations

import asyncio

from tests.integration.referrals.world import World

AT_ONCE, REPEATS = 10, 5


async def test_of_many_accepts_one_is_taken(world: World) -> None:
    for _ in range(REPEATS):
        opened = await world.an_opened_referral()

        answers = await asyncio.gather(
            *(world.command(opened, "accept", world.association, world.accepting()) for _ in range(AT_ONCE))
        )

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [200, *[412] * (AT_ONCE - 1)]
        lost = next(answer for answer in answers if answer.status_code == 412)
        assert [step["command"] for step in lost.json()["changed"]] == ["accept"]


async def test_accepting_and_recalling_exclude_each_other(world: World) -> None:
    for _ in range(REPEATS):
        opened = await world.an_opened_referral()

        accepted, recalled = await asyncio.gather(
            world.command(opened, "accept", world.association, world.accepting()),
            world.command(opened, "recall", world.sender, {"reason": "duplicate"}),
        )

        assert sorted((accepted.status_code, recalled.status_code)) == [200, 412]
        winner = "accepted" if accepted.status_code == 200 else "recalled"
        assert (await world.get(f"/referrals/{opened['id']}", world.sender))["state"] == winner


async def test_identical_drafts_under_one_key_are_one_draft(world: World) -> None:
    need = await world.a_need()
    body = world.draft_body(need["id"])

    answers = await asyncio.gather(
        *(world.call("POST", "/referrals", world.sender, body, key="one") for _ in range(AT_ONCE))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await world.get("/referrals?box=out", world.sender))["items"]) == 1


async def test_of_two_drafts_of_a_need_sent_at_once_one_leaves(world: World) -> None:
    need = await world.a_need()
    first, second = await world.a_draft(need), await world.a_draft(need)
    await world.a_consent(first)
    await world.a_consent(second)

    answers = await asyncio.gather(
        world.command(first, "send", world.sender), world.command(second, "send", world.sender)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("type") for answer in answers} == {None, "/problems/need-busy"}


async def test_a_withdrawal_wins_over_a_sending_beside_it(world: World) -> None:
    for _ in range(REPEATS):
        draft = await world.a_draft()
        consent = await world.a_consent(draft)

        sent, withdrawn = await asyncio.gather(
            world.command(draft, "send", world.sender),
            world.call("POST", f"/consents/{consent['id']}/withdrawal", world.sender, {}),
        )

        state = (await world.get(f"/referrals/{draft['id']}", world.sender))["state"]
        assert withdrawn.status_code == 200
        assert (sent.status_code, state) in {(200, "consent_lost"), (409, "draft")}
