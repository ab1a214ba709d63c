"""A part of the seeds in a process of its own: `python -m tests.faults.simulation.shard`.

What it is to do comes as JSON on standard input; what it found leaves as JSON on standard output.  Each
process has a run without faults to compare with, and the first seed, which all must have run alike.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import quote, urlsplit

from .bench import Bench
from .simulation import Simulation

SHOWN = 12


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a shard is to do, and on which servers; `first` is run by every shard."""

    postgres_url: str
    redis_url: str
    secrets: Mapping[str, str]
    template: str
    first: int
    seeds: Sequence[int]


@dataclass
class Found:
    """What a shard has found: the faults' hits, the first complaint, and how the first seed went."""

    hits: Counter[str] = field(default_factory=Counter)
    complaint: str = ""
    first: str = ""


@dataclass(frozen=True)
class _Place:
    url: str

    def address_of(self, user: str, password: str, database: str = "0") -> str:
        place = urlsplit(self.url)
        return (
            f"{place.scheme}://{user}:{quote(password, safe='')}@{place.netloc.rpartition('@')[2]}/{database}"
        )


@dataclass(frozen=True)
class Given:
    """Servers that another process started, with that process's secrets."""

    postgres: _Place
    redis: _Place
    secrets: Mapping[str, str]


def run(order: Order) -> Found:
    """Run the seeds until one complains."""
    given = Given(_Place(order.postgres_url), _Place(order.redis_url), order.secrets)
    bench, found = Bench(given, order.template), Found()
    calm = bench.run(None)
    if calm.wrong:
        found.complaint = complaint(calm, calm)
        return found
    found.first = _digest(calm, bench.run(order.first))
    for seed in order.seeds:
        one = bench.run(seed)
        found.hits += one.hits
        if told := complaint(one, calm):
            found.complaint = told
            break
    bench.close()
    return found


def complaint(run: Simulation, calm: Simulation) -> str:
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


def _digest(*runs: Simulation) -> str:
    """Every byte of what is left, and the last turns."""
    told = [part for run in runs for part in (*run.dump, *(line.encode() for line in run.trail))]
    return hashlib.sha256(b"\n".join(told)).hexdigest()


def main() -> None:
    found = run(Order(**json.load(sys.stdin)))
    json.dump({"hits": found.hits, "complaint": found.complaint, "first": found.first}, sys.stdout)


if __name__ == "__main__":
    main()
