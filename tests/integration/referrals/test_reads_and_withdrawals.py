"""Readers at work while a consent is taken back: what begins after its answer is refused, each time."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from typing import Any

from tests.integration.referrals.races import Turn, begun, raced
from tests.integration.referrals.world import World

RACES = 1_000 if os.environ.get("LONG") else 100
READS = ("disclosure", "words", "outcomes", "card")
"""What a receiver reads by a living consent alone."""

# What is read is taken under the path's lock, and written down with it; so is the end of the consent.
TAKEN_LATE = """
select l.read from consents c
join disclosures d on d.consent_id = c.id
join access_log l on l.object_id in (d.id, d.referral_id)
where c.referral_id = any (%(referrals)s) and l.at >= c.ended_at
"""


async def test_no_read_begun_after_a_withdrawal_succeeds(world: World) -> None:
    someone = await world.a_person()
    herself = world.person_token(someone["id"])
    seen, referrals = Counter[str](), list[str]()

    async def run(turn: Turn) -> str:
        opened = await begun(world, someone["id"], "opened")
        referrals.append(opened["id"])
        by = turn.random.choice([world.sender, herself])
        stop, began, reads = asyncio.Event(), asyncio.Event(), list[tuple[float, str, int]]()
        readers = [asyncio.create_task(read(world, opened, what, (began, stop), reads)) for what in READS]
        await began.wait()
        _, answered_at = await turn.at_once(lambda: asyncio.sleep(0), lambda: withdrawn(world, opened, by))
        stop.set()
        await asyncio.gather(*readers)

        after = [status for at, _, status in reads if at > answered_at]
        assert set(after) == {409}
        assert {status for _, _, status in reads} == {200, 409}
        seen.update(f"{what} {status}" for _, what, status in reads)
        seen["refused after"] += len(after)
        return "all"

    await raced("reads and a withdrawal", run, repeats=RACES, sides=1)
    late = await world.sql(TAKEN_LATE, {"referrals": referrals}, as_=world.association.organisation_id)
    print(f"{len(referrals)} races: {dict(sorted(seen.items()))}, taken late: {len(late)}")  # noqa: T201
    assert late == []
    assert seen["refused after"] >= len(READS) * len(referrals)


async def withdrawn(world: World, referral: dict[str, Any], by: Any) -> float:
    """When the withdrawal was answered."""
    await world.post(f"/consents/{referral['consent_ids'][0]}/withdrawal", by, {})
    return asyncio.get_running_loop().time()


async def read(
    world: World,
    referral: dict[str, Any],
    what: str,
    turns: tuple[asyncio.Event, asyncio.Event],
    reads: list[tuple[float, str, int]],
) -> None:
    """Read again and again, and once more when all is over: when each began, and how it was answered."""
    began, stop = turns
    last = False
    while not last:
        last = stop.is_set()
        at = asyncio.get_running_loop().time()
        answer = await world.call("GET", f"/referrals/{referral['id']}/{what}", world.association)
        reads.append((at, what, answer.status_code))
        began.set()
