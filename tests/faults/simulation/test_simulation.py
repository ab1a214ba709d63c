"""The same final state as the run without faults, byte for byte, whatever the seed breaks.

One real database a seed, the real commands, relays, listeners, reactions and timers, one at a time.
`SIMULATION_SEED=17 python3 dev.py test tests/faults/simulation` repeats one seed.
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from itertools import islice

import pytest

from tests.servers import Servers

from .bench import Bench
from .faults import EVERY_FAULT
from .simulation import Simulation

ONE = os.environ.get("SIMULATION_SEED")
SEEDS = [int(ONE)] if ONE else range(1, 501 if os.environ.get("LONG") else 101)
SHOWN = 12


@pytest.fixture(scope="module")
def bench(servers: Servers, template: str) -> Bench:
    return Bench(servers, template)


def test_whatever_breaks_the_end_is_the_same(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    calm = bench.run(None)
    assert not calm.wrong, calm.wrong
    hits: Counter[str] = Counter()
    for seed in SEEDS:
        run = bench.run(seed)
        assert not (complaint := _complaint(run, calm)), complaint
        hits += run.hits
    with capsys.disabled():
        print(f"\n{len(SEEDS)} simulations:", ", ".join(f"{hits[fault]} {fault}" for fault in EVERY_FAULT))  # noqa: T201
    assert ONE or not [fault for fault in EVERY_FAULT if not hits[fault]], (
        "a fault that never hits proves nothing"
    )


def _complaint(run: Simulation, calm: Simulation) -> str:
    """What is wrong, how to repeat it and how it came to that; nothing if all is well."""
    told = [*islice(_differences(run, calm), SHOWN)]
    if not run.wrong and not told:
        return ""
    again = f"repeat: SIMULATION_SEED={run.seed} python3 dev.py test tests/faults/simulation"
    return "\n".join([f"seed {run.seed}", again, *run.wrong[:SHOWN], *told, "the last turns:", *run.trail])


def _differences(run: Simulation, calm: Simulation) -> list[str]:
    if run.dump == calm.dump:
        return []
    before, after = ([row.decode() for row in one.dump] for one in (calm, run))
    return [*difflib.unified_diff(before, after, "without faults", "with faults", n=0, lineterm="")]


def test_a_seed_gives_the_same_run_again(bench: Bench) -> None:
    first, second = bench.run(SEEDS[0]), bench.run(SEEDS[0])

    assert [*first.trail] == [*second.trail]
    assert first.hits == second.hits
    assert first.dump == second.dump
