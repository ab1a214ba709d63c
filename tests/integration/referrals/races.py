"""Requests at once, again and again: a seed decides in which order they are begun, and how far apart.

Each repeat has a path of its own in one network, so that many go on beside each other.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from random import Random
from typing import Any

from httpx2 import Response

from services.referrals.domain.transitions import CLOSED_STATES, OPEN_STATES
from tests.integration.referrals.world import OPEN, STARTED, World

REPEATS = 200 if os.environ.get("LONG") else 30
AT_ONCE = 6
"""So many repeats go on beside each other."""

TOLD_OF = {
    "draft": "drafted", "dispatch": "sent", "open": "opened", "ask": "asked", "answer": "answered",
    "accept": "accepted", "decline": "declined", "recall": "recalled", "start": "started",
    "complete": "completed", "end": "ended", "expire": "expired", "lose_consent": "consent_lost",
    "reassign": "reassigned",
}  # fmt: skip
"""The event of each command; a sending is told when the referral is let go."""

Start = Callable[[], Awaitable[Any]]


class Pace:
    """How long the slowest of what races takes, on a machine that may have more to do."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def timed(self, start: Start) -> Any:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answer = await start()
        self.seconds = max(self.seconds * 0.9, loop.time() - began)
        return answer


class Turn:
    """One repeat of a race."""

    def __init__(self, race: str, seed: int, pace: Pace) -> None:
        self.seed, self.random = seed, Random(f"{race}:{seed}")  # noqa: S311 - to be repeated, on purpose
        self._pace = pace

    async def at_once(self, *starts: Start) -> list[Any]:
        """The answers, in the order given, of what is begun in the seed's order and at its moments.

        These lie as far apart as lets the slower be first now and then.
        """
        tasks: dict[int, asyncio.Task[Any]] = {}
        for nth in self.random.sample(range(len(starts)), len(starts)):
            tasks[nth] = asyncio.create_task(self._late(starts[nth], self.random.uniform(0, 2)))
        return [await tasks[nth] for nth in range(len(starts))]

    async def _late(self, start: Start, paces: float) -> Any:
        await asyncio.sleep(paces * self._pace.seconds)
        return await self._pace.timed(start)


async def raced(
    name: str, run: Callable[[Turn], Awaitable[str]], *, repeats: int = REPEATS, sides: int = 2
) -> None:
    """Run all repeats and say how often each side won; a race that only one side ever wins is none."""
    only = os.environ.get("SEED")
    seeds = [int(only)] if only else range(repeats)
    places, pace, wins = asyncio.Semaphore(AT_ONCE), Pace(), Counter[str]()

    async def turn(seed: int) -> None:
        async with places:
            with _repeatable(name, seed):
                wins[await run(Turn(name, seed, pace))] += 1

    async with asyncio.TaskGroup() as group:
        for seed in seeds:
            group.create_task(turn(seed))
    print(f"{name}: {dict(wins)}")  # noqa: T201 - how often each side won
    assert only or len(wins) >= sides, f"a race that one side always wins: {wins}"


@contextmanager
def _repeatable(name: str, seed: int) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        error.add_note(f"{name}: once more with SEED={seed} in the environment")
        raise


@asynccontextmanager
async def held(world: World, path_id: str) -> AsyncIterator[int]:
    """The path's lock, held by somebody else meanwhile; the number of its connection."""
    async with world.database.connection() as sql:
        query = "select pg_backend_pid() as pid from subjects where id = %s for update"
        rows = await (await sql.execute(query, [path_id])).fetchall()
        yield rows[0]["pid"]


async def waited_for(world: World, pid: int, number: int) -> None:
    """Wait until so many wait for what a connection holds, one behind the other."""
    query = """
        with recursive queue as (
            select %(pid)s::int as pid
            union
            select a.pid from pg_stat_activity a join queue q on q.pid = any(pg_blocking_pids(a.pid))
        )
        select count(*) - 1 as n from queue
    """
    async with asyncio.timeout(120):
        while (await world.sql(query, {"pid": pid}))[0]["n"] < number:
            pass


async def begun(world: World, person_id: str, state: str) -> dict[str, Any]:
    """A referral of the person's in a state, on a path of its own."""
    draft = await world.a_draft(await world.a_need(person_id))
    await world.a_consent(draft)
    referral = await world.done(draft, "send", world.sender)
    for name, body in {"open": OPEN, "accept": world.accepting(), "start": STARTED}.items():
        if referral["state"] != state:
            referral = await world.done(referral, name, world.association, body)
    return referral


async def told(world: World, path_id: str) -> list[str]:
    """The types of the events of a path, copied to the log or not yet."""
    rows = await world.sql(
        "select type from (select 0 as late, seq as nth, type, subject from log"
        " union all select 1, position, type, subject from untold) as told"
        " where subject = %(path)s order by late, nth",
        {"path": path_id},
    )
    return [row["type"] for row in rows]


async def settled(world: World, referral: dict[str, Any]) -> dict[str, Any]:
    """The referral after the race: what was told, its timeline, its end and its need are all in keeping."""
    after = await world.get(f"/referrals/{referral['id']}", world.sender)
    steps = await world.sql(
        "select version, command, state from referral_steps where referral_id = %(id)s order by version",
        {"id": referral["id"]},
        as_=world.sender.organisation_id,
    )
    commands, states = [one["command"] for one in steps], [one["state"] for one in steps]
    assert [one["version"] for one in steps] == list(range(1, after["version"] + 1))
    assert states[-1] == after["state"]
    assert [one for one in await told(world, referral["path_id"]) if one.startswith("referral.")] == [
        f"referral.{TOLD_OF[command]}.v1" for command in commands if command in TOLD_OF
    ]
    assert not [state for state in states[:-1] if state in CLOSED_STATES], "left its end"
    await _accountable(world, after)
    return after


async def _accountable(world: World, after: dict[str, Any]) -> None:
    """One organisation is, and at most one referral is open."""
    need = await world.get(f"/needs/{after['need_id']}", world.sender)
    theirs = after["state"] in {"active", "paused"}
    home = str(world.sender.organisation_id)
    assert need["accountable_organisation_id"] == (after["to_organisation_id"] if theirs else home)
    assert need["open_referral_id"] == (after["id"] if after["state"] in OPEN_STATES else None)


def lost(answer: Response, won: str, state: str) -> None:
    """The loser is told what the winner did, and how it stands now."""
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/version-stale")
    assert [(one["command"], one["state"]) for one in answer.json()["changed"]] == [(won, state)]
