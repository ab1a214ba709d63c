"""Timers: what is due rings once, in its own transaction, unless it was cancelled before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.database import Transaction
from shared.errors import NotFound
from shared.events.organisations import TeamOpened
from shared.ids import new_id
from shared.timers import MOST_TRIES, Clock, Due, Rings, Timer, cancel_timers, set_timers
from tests.integration.shared.kit import Kit

SUBJECT, HOUSE = new_id(), new_id()
SOON = timedelta(hours=1)


async def tell_of_it(tx: Transaction, due: Due) -> None:
    """The effect of a timer: an event of its own."""
    await tx.tell(TeamOpened(organisation_id=due.subject, team_id=due.owner))


async def refuse(tx: Transaction, due: Due) -> None:
    await tell_of_it(tx, due)
    raise NotFound


async def fail(tx: Transaction, due: Due) -> None:
    await tell_of_it(tx, due)
    raise LookupError


RINGS: Rings = {"ring": tell_of_it, "refuse": refuse, "fail": fail}


def a_clock(kit: Kit, rings: Rings = RINGS) -> Clock:
    return Clock("organisations", kit.database, rings)


@asynccontextmanager
async def commanding(kit: Kit, subject: UUID = SUBJECT) -> AsyncIterator[Transaction]:
    """A command on the subject, whose lock it holds."""
    async with kit.as_worker() as tx:
        await tx.act_for(HOUSE)
        await tx.lock(subject)
        yield tx


async def set_one(kit: Kit, kind: str = "ring", *, subject: UUID = SUBJECT, version: int = 1) -> UUID:
    """A timer of a new owner that is due in an hour."""
    owner = new_id()
    async with commanding(kit, subject) as tx:
        due_at = await tx.now() + SOON
        await set_timers(tx, owner=owner, subject=subject, timers=[Timer(kind, due_at, version)])
    return owner


async def ring_all(kit: Kit) -> int:
    """Ring until nothing is due; how many rang."""
    clock, rung = a_clock(kit), 0
    while await clock.ring_next():
        rung += 1
    return rung


async def told(kit: Kit) -> list[UUID]:
    """The owners of the timers whose effect is there."""
    rows = await kit.as_superuser("organisations", "select body ->> 'team_id' as owner from untold")
    return [UUID(row["owner"]) for row in rows]


async def timers(kit: Kit) -> list[Mapping[str, Any]]:
    return [*await kit.as_superuser("organisations", "select * from timers order by due_at")]


async def test_a_timer_rings_when_it_is_due_and_not_before(kit: Kit) -> None:
    owner = await set_one(kit)

    assert await ring_all(kit) == 0
    await kit.move_clock("organisations", "61 minutes")

    assert await ring_all(kit) == 1
    assert await told(kit) == [owner]
    assert await timers(kit) == []


async def test_what_rings_knows_what_it_was_set_for(kit: Kit) -> None:
    rung: list[tuple[Due, str]] = []

    async def note(tx: Transaction, due: Due) -> None:
        row = await (await tx.sql.execute("select current_setting('app.org') as house")).fetchone()
        assert row is not None
        rung.append((due, row["house"]))

    owner = await set_one(kit, version=7)
    await kit.move_clock("organisations", "2 hours")
    await a_clock(kit, {"ring": note}).ring_next()

    [(due, house)] = rung
    assert (due.owner, due.subject, due.kind, due.version) == (owner, SUBJECT, "ring", 7)
    assert (due.organisation_id, house) == (HOUSE, str(HOUSE))


async def test_with_two_clocks_each_timer_rings_once(kit: Kit) -> None:
    owners = [await set_one(kit, subject=new_id()) for _ in range(25)]
    same = [await set_one(kit) for _ in range(5)]
    await kit.move_clock("organisations", "2 hours")

    while await timers(kit):
        await asyncio.gather(*(ring_all(kit) for _ in range(3)))

    assert sorted(await told(kit)) == sorted([*owners, *same])


async def test_a_refused_timer_is_done_and_leaves_nothing(kit: Kit) -> None:
    await set_one(kit, "refuse")
    await kit.move_clock("organisations", "2 hours")

    assert await ring_all(kit) == 1
    assert await timers(kit) == []
    assert await told(kit) == []


@pytest.mark.parametrize("kind", ["fail", "a kind that nobody knows"])
async def test_a_failing_timer_is_put_off_and_then_parked_and_others_ring(kit: Kit, kind: str) -> None:
    await set_one(kit, kind)
    well = await set_one(kit)
    await kit.move_clock("organisations", "2 hours")

    assert await ring_all(kit) == 2
    [once] = await timers(kit)
    assert (once["tries"], once["parked_at"]) == (1, None)
    for day in range(1, MOST_TRIES):
        await kit.move_clock("organisations", f"{day} days")
        assert await ring_all(kit) == 1
    await kit.move_clock("organisations", "99 days")

    assert await ring_all(kit) == 0
    [parked] = await timers(kit)
    assert (parked["tries"], parked["parked_at"] is None) == (MOST_TRIES, False)
    assert await told(kit) == [well]


async def test_setting_replaces_all_of_an_owners_timers(kit: Kit) -> None:
    owner = await set_one(kit)
    async with commanding(kit) as tx:
        later = await tx.now() + 3 * SOON
        await set_timers(tx, owner=owner, subject=SUBJECT, timers=[Timer("other", later, 2)])

    assert [(row["kind"], row["version"], row["due_at"]) for row in await timers(kit)] == [
        ("other", 2, later)
    ]
    async with commanding(kit) as tx:
        await set_timers(tx, owner=owner, subject=SUBJECT, timers=[])
    assert await timers(kit) == []


async def test_a_command_that_rolls_back_has_cancelled_nothing(kit: Kit) -> None:
    owner = await set_one(kit)

    async def cancel_and_refuse() -> None:
        async with commanding(kit) as tx:
            await cancel_timers(tx, owner=owner)
            raise NotFound

    with pytest.raises(NotFound):
        await cancel_and_refuse()

    assert len(await timers(kit)) == 1


async def test_while_a_command_holds_the_subject_the_clock_passes_on_and_a_cancelled_timer_is_silent(
    kit: Kit,
) -> None:
    cancelled, other = await set_one(kit), await set_one(kit, subject=new_id())
    await kit.move_clock("organisations", "2 hours")

    async with commanding(kit) as tx:
        await cancel_timers(tx, owner=cancelled)
        assert await ring_all(kit) == 1

    assert await ring_all(kit) == 0
    assert await told(kit) == [other]


async def test_a_command_that_comes_while_the_clock_rings_waits_and_finds_it_rung(kit: Kit) -> None:
    rings, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly(tx: Transaction, due: Due) -> None:
        rings.set()
        await goes_on.wait()
        await tell_of_it(tx, due)

    async def cancel() -> None:
        async with commanding(kit) as tx:
            await cancel_timers(tx, owner=owner)

    owner = await set_one(kit)
    await kit.move_clock("organisations", "2 hours")
    ringing = asyncio.create_task(a_clock(kit, {"ring": slowly}).ring_next())
    await rings.wait()
    cancelling = asyncio.create_task(cancel())
    await asyncio.sleep(0.2)
    assert not cancelling.done()

    goes_on.set()
    async with asyncio.timeout(60):
        await asyncio.gather(ringing, cancelling)

    assert await told(kit) == [owner]
    assert await timers(kit) == []


async def test_commands_and_clocks_on_the_same_subjects_never_lock_each_other_out(kit: Kit) -> None:
    subjects = [new_id() for _ in range(3)]
    owners = [await set_one(kit, subject=subject) for subject in subjects * 10]
    await kit.move_clock("organisations", "2 hours")

    async def cancel(owner: UUID, subject: UUID) -> bool:
        async with commanding(kit, subject) as tx:
            gone = await tx.sql.execute("select from timers where owner = %s", [owner])
            await cancel_timers(tx, owner=owner)
            return gone.rowcount == 1

    cancelling = [cancel(owner, subject) for owner, subject in zip(owners, subjects * 10, strict=True)]
    async with asyncio.timeout(60):
        cancelled = (await asyncio.gather(*cancelling, ring_all(kit), ring_all(kit)))[:30]

    rung = await told(kit)
    silent = {owner for owner, gone in zip(owners, cancelled, strict=True) if gone}
    assert len(rung) == len(set(rung))
    assert set(rung) == set(owners) - silent
