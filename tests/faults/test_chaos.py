"""Ten thousand events under a seeded mix of the faults: 0 lost, 0 doubled, 0 out of order."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable

import pytest

from shared.ids import new_id

from .system import STREAM, System

EVENTS = 10_000 if os.environ.get("LONG") else 2_000
WRITERS = 8
PAUSE_S = 0.7
LEAST = 6


class Chaos:
    """Breaks something again and again, and counts what it broke."""

    def __init__(self, system: System, seed: int) -> None:
        self._system, self._random = system, random.Random(seed)  # noqa: S311 - reproducible on purpose
        self.hits: Counter[str] = Counter()

    async def run(self, until: Callable[[], bool]) -> None:
        faults = [
            self.flush,
            self.lose_the_tail,
            self.kill_teller,
            self.kill_hearer,
            self.kill_redis,
            self.kill_postgres,
        ]
        while not until():
            fault = self._random.choice(faults)
            await fault()
            self.hits[fault.__name__] += 1
            self._system.restart_the_dead()
            await asyncio.sleep(self._random.uniform(0.3, 1.0) * PAUSE_S)

    async def flush(self) -> None:
        self._system.redis.flushall()

    async def lose_the_tail(self) -> None:
        entries = self._system.entries()
        self._system.redis.delete(STREAM)
        pipe = self._system.redis.pipeline()
        for entry_id, fields in entries[: len(entries) * 2 // 3]:
            pipe.xadd(STREAM, fields, id=entry_id)
        pipe.execute(raise_on_error=False)

    async def kill_teller(self) -> None:
        self._system.kill("teller_worker")
        self._system.start("teller_worker")

    async def kill_hearer(self) -> None:
        self._system.kill("hearer_worker")
        self._system.start("hearer_worker")

    async def kill_redis(self) -> None:
        self._system.servers.redis.kill()
        await asyncio.sleep(0.3)
        self._system.servers.redis.start()

    async def kill_postgres(self) -> None:
        self._system.servers.postgres.kill()
        self._system.servers.postgres.start()


@pytest.mark.parametrize("seed", [1] if not os.environ.get("LONG") else [1, 2, 3])
async def test_nothing_is_lost_doubled_or_out_of_order_in_chaos(system: System, seed: int) -> None:
    chaos = Chaos(system, seed)
    writers = [
        asyncio.create_task(system.tell_many([new_id() for _ in range(10)], EVENTS // WRITERS))
        for _ in range(WRITERS)
    ]
    breaking = asyncio.create_task(
        chaos.run(lambda: all(writer.done() for writer in writers) and chaos.hits.total() >= LEAST)
    )
    await asyncio.gather(*writers, breaking)

    system.restart_the_dead()
    await system.until_delivered(patience=180)

    assert chaos.hits.total() >= LEAST, "the faults hit"
    system.check_invariants()
