"""The figures, each beside its limit, several runs interleaved: printed, and kept in docs/bench.md.

`--quick` does one small run of everything, in about two minutes, to see that it works.
`--safety` takes one guard away at a time, and writes docs/safety.md: what each costs.
`--growth` stores up to so many paths instead, a million unless said otherwise, and writes docs/growth.md.
`--timing` compares the times of answers about foreign, locked and unknown persons, and writes docs/timing.md.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvloop

from deploy.embedded import Servers
from deploy.installation import prepare
from deploy.topology import ROOT

from . import directory, growth, handovers, limits, page, pipeline, safety, timing
from .counts import Counting, lone
from .figures import Figures
from .town import Town, built, drafts

PAGE = ROOT / "docs" / "bench.md"

Parts = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Measure:
    """How much of everything: runs, events in one process, hand-overs at full and at half load, seconds."""

    runs: int = 5
    events: int = 8000
    hand_overs: int = 200
    paced: int = 60
    share_s: float = 8.0


QUICK = Measure(runs=1, events=4000, hand_overs=60, paced=20, share_s=3.0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--to", type=Path, default=PAGE, metavar="FILE", help="where the page is kept")
    parser.add_argument("--growth", nargs="?", const=growth.MOST, type=int, metavar="PATHS")
    parser.add_argument("--directory", nargs="?", const=directory.MOST, type=int, metavar="OFFERINGS")
    parser.add_argument("--safety", action="store_true")
    parser.add_argument("--timing", action="store_true")
    asked = parser.parse_args()
    if asked.timing:
        _compare_times()
        return
    measure = QUICK if asked.quick else Measure()
    if asked.growth:
        _measure_growth(asked.growth)
        return
    if asked.directory:
        _measure_directory(asked.directory)
        return
    if asked.safety:
        _measure_safety(measure)
        return
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        in_one_process, parts = _measure_pipeline(Path(folder) / "servers", measure)
        _say("the processes start")
        with built(Path(folder) / "town") as town:
            in_town = _measure_town(town, measure)
            versions = {"PostgreSQL": town.rows("show server_version")[0]["server_version"]}
    about = page.About(versions, measure.runs, measure.events)
    text = page.written(in_one_process, parts, in_town, about=about)
    asked.to.write_text(text)
    sys.stdout.write(f"\n{text}")


def _measure_growth(most: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        text = growth.page(growth.measured(Path(folder) / "town", growth.sizes(most), _say))
    (ROOT / "docs" / "growth.md").write_text(text)
    sys.stdout.write(f"\n{text}")


def _measure_directory(offerings: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        text = directory.page(directory.measured(Path(folder) / "town", offerings, _say))
    (ROOT / "docs" / "directory.md").write_text(text)
    sys.stdout.write(f"\n{text}")


def _compare_times() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, built(Path(folder) / "town") as town:
        _say("2,000 asks of each kind")
        text = timing.page(town)
    (ROOT / "docs" / "timing.md").write_text(text)
    sys.stdout.write(f"\n{text}")


def _measure_safety(measure: Measure) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        text = safety.measured(
            Path(folder) / "town", runs=measure.runs, hand_overs=measure.hand_overs, say=_say
        )
    (ROOT / "docs" / "safety.md").write_text(text)
    sys.stdout.write(f"\n{text}")


def _measure_pipeline(folder: Path, measure: Measure) -> tuple[Figures, Parts]:
    """Relay and listener in one process, and the bare limits, on servers of their own."""
    figures, parts = Figures(), defaultdict[str, list[float]](list)
    with Servers(folder, durable=True) as servers:
        prepare(servers)
        for run in range(measure.runs):
            _say(f"run {run + 1} of {measure.runs}: relay and listener")
            figures.add(asyncio.run(limits.measured(servers)))
            delivered = pipeline.deliver(servers, measure.events)
            figures.add({"events": delivered.a_second, "event_cpu": delivered.cpu_us})
            for part, share in delivered.shares:
                parts[part].append(share * delivered.cpu_us)
    return figures, parts


def _measure_town(town: Town, measure: Measure) -> Figures:
    """The real processes, with the bare limits beside them."""
    figures, counting = Figures(), Counting(town)
    town.settle()
    figures.add({f"rss_{name}": value for name, value in handovers.memory(town).items()})
    counting.learn_polls()
    _note_lone(figures, town, counting)
    for run in range(measure.runs):
        _say(f"run {run + 1} of {measure.runs}: the processes")
        figures.add(asyncio.run(limits.measured(town.servers)))
        uvloop.run(_measure_hand_overs(figures, town, counting, measure))
    return figures


def _note_lone(figures: Figures, town: Town, counting: Counting) -> None:
    counted = asyncio.run(lone(town, counting)).values()
    figures.add({"lone_statements": sum(one.total for one in counted)})
    figures.add({"lone_commits": sum(one.commits for one in counted)})


async def _measure_hand_overs(figures: Figures, town: Town, counting: Counting, measure: Measure) -> None:
    ready: Sequence[dict[str, object]] = await drafts(town, measure.hand_overs + measure.paced)
    counting.begin()
    rate = await handovers.a_second(town, ready[measure.paced :])
    counted = counting.counted()
    figures.add({"hand_overs": rate, "statements": counted.total / measure.hand_overs})
    figures.add({"commits_each": counted.commits / measure.hand_overs})
    figures.add(await handovers.seen(town, ready[: measure.paced], rate=rate / 2))
    figures.add(await handovers.delivery_share(town, measure.share_s))


_began = time.monotonic()


def _say(doing: str) -> None:
    print(f"{time.monotonic() - _began:4.0f} s  {doing}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
