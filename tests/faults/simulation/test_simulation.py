"""The same final state as the run without faults, byte for byte, whatever the seed breaks.

One real database a seed, the real commands, relays, listeners, reactions and timers, one task at a time.
`SIMULATION_SEED=17 python3 dev.py test tests/faults/simulation` repeats one seed.

Guards that were taken away one at a time, and turned it red within the first twenty seeds: the position's
check of what it has handled, the derived ids of what a reaction tells, the asking for what is missing in a
stream, the digest of a row's words, the uniqueness of a notice, the version of a timer, the answer kept
under a key, the waiting of a subject's later events behind a parked one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tests.servers import Servers

from .faults import EVERY_FAULT
from .shard import Found, Order

ONE = os.environ.get("SIMULATION_SEED")
SEEDS = [int(ONE)] if ONE else [*range(1, 501 if os.environ.get("LONG") else 101)]
SHARDS = 1 if ONE else 2
"""A run is one task at a time, half of it PostgreSQL's; two processes keep two cores busy."""


def test_whatever_breaks_the_end_is_the_same(
    servers: Servers, template: str, repository: Path, record_property: Callable[[str, str], None]
) -> None:
    found = _run_all(servers, template, repository)

    assert not (complaints := [one.complaint for one in found if one.complaint]), "\n\n".join(complaints)
    assert len({one.first for one in found}) == 1, "a seed gives the same run in every process"
    hits = sum((one.hits for one in found), Counter[str]())
    record_property(f"{len(SEEDS)} simulations", ", ".join(f"{hits[fault]} {fault}" for fault in EVERY_FAULT))
    assert ONE or all(hits[fault] for fault in EVERY_FAULT), "a fault that never hits proves nothing"


def _run_all(servers: Servers, template: str, repository: Path) -> list[Found]:
    shards = [_start(servers, template, SEEDS[nth::SHARDS], repository) for nth in range(SHARDS)]
    try:
        return [_found(shard) for shard in shards]
    finally:
        for shard in shards:
            shard.kill()
            shard.communicate()


def _start(servers: Servers, template: str, seeds: list[int], repository: Path) -> subprocess.Popen[str]:
    order = Order(
        postgres_url=servers.postgres.url,
        redis_url=servers.redis.url,
        secrets=dict(servers.secrets),
        template=template,
        first=SEEDS[0],
        seeds=seeds,
    )
    command = [sys.executable, "-m", "tests.faults.simulation.shard"]
    pipe = subprocess.PIPE
    shard = subprocess.Popen(command, cwd=repository, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
    assert shard.stdin is not None
    shard.stdin.write(json.dumps(asdict(order)))
    shard.stdin.close()
    shard.stdin = None
    return shard


def _found(shard: subprocess.Popen[str]) -> Found:
    said, troubles = shard.communicate()
    assert shard.returncode == 0, troubles
    found = json.loads(said)
    return Found(hits=Counter(found["hits"]), complaint=found["complaint"], first=found["first"])
