"""A consent that changes while somebody acts on it: whoever comes second meets what is left of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.referrals.main import SERVICE
from shared.ids import new_id
from shared.timers import Clock
from shared.vault import Vault
from tests.integration.referrals.races import Turn, begun, held, lost, raced, settled, told, waited_for
from tests.integration.referrals.test_narrowing import LEFT, an_undemanding_offering, narrowing
from tests.integration.referrals.test_renewal import renewal_body
from tests.integration.referrals.world import OPEN, World


async def withdrawing(world: World, referral: dict[str, Any]) -> Any:
    path = f"/consents/{referral['consent_ids'][0]}/withdrawal"
    return await world.call("POST", path, world.sender, {})


async def without_what_is_required(world: World, referral: dict[str, Any]) -> Any:
    """What the offering cannot do without is taken back with the rest."""
    return await narrowing(world, referral, fields=["given_name"])


ENDS = {"withdrawal": withdrawing, "narrowing": without_what_is_required}


async def opening(world: World, referral: dict[str, Any]) -> Any:
    return await world.command(referral, "open", world.association, OPEN)


async def accepting(world: World, referral: dict[str, Any]) -> Any:
    return await world.command(referral, "accept", world.association, world.accepting())


async def reading(world: World, referral: dict[str, Any]) -> Any:
    return await world.call("GET", f"/referrals/{referral['id']}/disclosure", world.association)


async def consent_events(world: World, referral: dict[str, Any]) -> list[str]:
    return [one for one in await told(world, referral["path_id"]) if one.startswith("consent.")]


async def at_an_end(world: World, referral: dict[str, Any], *between: str) -> dict[str, Any]:
    """The referral, lost with its consent, and nothing is read any more."""
    after = await settled(world, referral)
    assert after["state"] == "consent_lost"
    assert (await reading(world, referral)).json()["type"] == "/problems/consent-ended"
    assert await consent_events(world, referral) == ["consent.given.v1", *between, "consent.withdrawn.v1"]
    return after


async def ended(world: World, referral: dict[str, Any], answer: Any, command: str) -> str:
    """Whether the command came before the consent's end, or met it; either way the end holds."""
    after = await at_an_end(world, referral)
    if answer.status_code == 200:
        assert after["version"] == answer.json()["version"] + 1
        return command
    lost(answer, "lose_consent", "consent_lost")
    return "end"


@pytest.mark.parametrize("end", ENDS)
async def test_an_opening_and_the_end_of_its_consent(world: World, end: str) -> None:
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        sent = await begun(world, someone["id"], "sent")
        opened, gone = await turn.at_once(lambda: opening(world, sent), lambda: ENDS[end](world, sent))

        assert (gone.status_code, gone.json()["ended_how"]) == (200, "withdrawn")
        return await ended(world, sent, opened, "open")

    await raced(f"open and {end} of all", run)


async def test_a_withdrawal_while_an_accept_waits_for_the_lock(world: World) -> None:
    """Whoever waits first goes first, and the accept that goes second meets the end of the consent."""
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        opened = await begun(world, someone["id"], "opened")
        calls = {"accept": accepting, "withdrawal": withdrawing}
        order = turn.random.sample(list(calls), 2)
        async with held(world, opened["path_id"]) as pid:
            tasks = {}
            for behind, name in enumerate(order, start=1):
                tasks[name] = asyncio.create_task(calls[name](world, opened))
                await waited_for(world, pid, behind)

        assert (await tasks["withdrawal"]).status_code == 200
        won = await ended(world, opened, await tasks["accept"], "accept")
        assert won == ("accept" if order[0] == "accept" else "end")
        return won

    await raced("accept and withdrawal, both waiting", run)


async def test_a_sending_and_a_withdrawal(world: World) -> None:
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        draft = await world.a_draft(await world.a_need(someone["id"]))
        consent = await world.a_consent(draft)
        named = {**draft, "consent_ids": [consent["id"]]}
        sent, gone = await turn.at_once(
            lambda: world.command(draft, "send", world.sender), lambda: withdrawing(world, named)
        )

        assert gone.status_code == 200
        if sent.status_code == 200:
            return await ended(world, named, sent, "send")
        assert (sent.status_code, sent.json()["type"]) == (409, "/problems/consent-ended")
        assert (await settled(world, named))["state"] == "draft"
        return "withdrawal"

    await raced("send and withdrawal", run)


async def test_an_opening_and_a_narrowing(world: World) -> None:
    """Both are done; an item taken back before the opening was never read, so nobody answers for it."""
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        sent = await sent_to_its_own_offering(world, someone["id"])
        opened, narrowed = await turn.at_once(
            lambda: opening(world, sent), lambda: narrowing(world, sent, fields=LEFT)
        )

        assert (opened.status_code, narrowed.status_code) == (200, 200)
        assert (await settled(world, sent))["state"] == "opened"
        assert await consent_events(world, sent) == ["consent.given.v1", "consent.narrowed.v1"]
        assert [item["field"] for item in (await reading(world, sent)).json()["items"]] == LEFT
        holders = await world.get(f"/consents/{sent['consent_ids'][0]}/holders", world.sender)
        changed = [one for one in await told(world, sent["path_id"]) if one in ORDERED]
        first = ORDERED[changed[0]]
        assert holders["items"][0]["owes_receipt"] is (first == "open")
        return first

    await raced("open and narrowing", run)


ORDERED = {"referral.opened.v1": "open", "consent.narrowed.v1": "narrowing"}


async def sent_to_its_own_offering(world: World, person_id: str) -> dict[str, Any]:
    """Sent to an offering that later can do with less than it was sent."""
    offering_id = new_id()
    await world.hear(world.offering(world.association, offering_id=offering_id))
    draft = await world.a_draft(await world.a_need(person_id), offering_id=str(offering_id))
    await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)
    await an_undemanding_offering(world, offering_id=offering_id)
    return sent


async def test_a_renewal_and_a_withdrawal(world: World) -> None:
    """Whoever takes a consent back is heard either way; nothing is renewed after it."""
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        opened = await begun(world, someone["id"], "opened")
        path, body = f"/consents/{opened['consent_ids'][0]}/renewal", await renewal_body(world, opened)
        renewed, gone = await turn.at_once(
            lambda: world.call("POST", path, world.sender, body, version=1),
            lambda: withdrawing(world, opened),
        )

        assert gone.status_code == 200
        if renewed.status_code == 201:
            assert gone.json()["id"] == renewed.json()["id"]
            await at_an_end(world, opened, "consent.renewed.v1")
            return "renewal first"
        await at_an_end(world, opened)
        assert renewed.status_code == 412
        assert [one["ended_how"] for one in renewed.json()["changed"]] == ["withdrawn"]
        return "withdrawal first"

    await raced("renewal and withdrawal", run)


async def test_an_answer_and_the_clock(world: World) -> None:
    """A question whose time is out when its answer comes."""
    vault = Vault.of(world.network.settings("referrals"))
    clock = Clock("referrals", world.database, SERVICE.rings(vault))
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        sent = await begun(world, someone["id"], "sent")
        asked = await world.done(sent, "ask", world.association, {"question": "Tider?"})
        await world.as_owner(
            f"update timers set due_at = '2000-01-01' where owner = '{asked['id']}' and kind = 'expire'"  # noqa: S608
        )
        answer, _ = await turn.at_once(
            lambda: world.command(asked, "answer", world.sender, {"text": "Kvällar."}), clock.ring_next
        )

        after = await settled(world, asked)
        if answer.status_code == 200:
            assert after["state"] == "sent"
            return "answer"
        assert after["state"] == "expired"
        lost(answer, "expire", "expired")
        return "clock"

    async with vault.opened():
        await raced("answer and the clock", run)
