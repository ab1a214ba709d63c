"""The figures, each beside its limit, several runs interleaved: printed, and kept in docs/bench.md.

`--quick` does one run of everything, to see that it works.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import uvloop

from deploy.embedded import Servers
from deploy.installation import prepare
from deploy.topology import ROOT

from . import handovers, limits, page, pipeline
from .counts import Counting, lone
from .figures import Figures
from .town import Town, built, drafts

RUNS = 5
EVENTS = 8000
HAND_OVERS, PACED = 200, 60
SHARE_S = 8.0
PAGE = ROOT / "docs" / "bench.md"

Parts = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--to", type=Path, default=PAGE, metavar="FILE", help="where the page is kept")
    asked = parser.parse_args()
    runs = 1 if asked.quick else RUNS
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        in_one_process, parts = _measure_pipeline(Path(folder) / "servers", runs)
        with built(Path(folder) / "town") as town:
            in_town = _measure_town(town, runs)
            versions = {"PostgreSQL": town.rows("show server_version")[0]["server_version"]}
    text = page.written(in_one_process, parts, in_town, versions=versions, runs=runs)
    asked.to.write_text(text)
    sys.stdout.write(f"\n{text}")


def _measure_pipeline(folder: Path, runs: int) -> tuple[Figures, Parts]:
    """Relay and listener in one process, and the bare limits, on servers of their own."""
    figures, parts = Figures(), defaultdict[str, list[float]](list)
    with Servers(folder, durable=True) as servers:
        prepare(servers)
        for run in range(runs):
            _say(f"run {run + 1} of {runs}: relay and listener")
            figures.add(asyncio.run(limits.measured(servers)))
            delivered = pipeline.deliver(servers, EVENTS)
            figures.add({"events": delivered.a_second, "event_cpu": delivered.cpu_us})
            for part, share in delivered.shares:
                parts[part].append(share * delivered.cpu_us)
    return figures, parts


def _measure_town(town: Town, runs: int) -> Figures:
    """The real processes, with the bare limits beside them."""
    figures, counting = Figures(), Counting(town)
    town.settle()
    figures.add({f"rss_{name}": value for name, value in handovers.memory(town).items()})
    counting.learn_polls()
    _note_lone(figures, town, counting)
    for run in range(runs):
        _say(f"run {run + 1} of {runs}: the processes")
        figures.add(asyncio.run(limits.measured(town.servers)))
        uvloop.run(_measure_hand_overs(figures, town, counting))
    return figures


def _note_lone(figures: Figures, town: Town, counting: Counting) -> None:
    counted = asyncio.run(lone(town, counting)).values()
    figures.add({"lone_statements": sum(one.total for one in counted)})
    figures.add({"lone_commits": sum(one.commits for one in counted)})


async def _measure_hand_overs(figures: Figures, town: Town, counting: Counting) -> None:
    ready: Sequence[dict[str, object]] = await drafts(town, HAND_OVERS + PACED)
    counting.begin()
    rate = await handovers.a_second(town, ready[PACED:])
    counted = counting.counted()
    figures.add({"hand_overs": rate, "statements": counted.total / HAND_OVERS})
    figures.add({"commits_each": counted.commits / HAND_OVERS})
    figures.add(await handovers.seen(town, ready[:PACED], rate=rate / 2))
    figures.add(await handovers.delivery_share(town, SHARE_S))


def _say(doing: str) -> None:
    print(doing, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
