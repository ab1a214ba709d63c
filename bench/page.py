"""The page of figures: what is on each line, and the words around it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .figures import Entry, Figures, at_least, at_most, machine, times

_LIMITS = (
    Entry("commits", "bare: commits of two inserts, 8 at once", "/s"),
    Entry("xadd", "bare: XADD, one by one", "/s"),
    Entry("xadd_pipelined", "bare: XADD, pipelined by 500", "/s"),
    Entry("path_p50", "bare: commit, XADD, XREAD, commit, p50", "ms"),
    Entry("path_p99", "bare: the same, p99", "ms"),
)

_ONE_PROCESS = (
    *_LIMITS,
    Entry("events", "events through relay and listener", "/s", at_least(10_000)),
    Entry("events", "the same beside bare commits", "/s", times("commits", "bare commits")),
    Entry("events", "the same beside pipelined XADD", "/s", times("xadd_pipelined", "pipelined XADD")),
    Entry("event_cpu", "CPU of an event, both sides", "µs", at_most(100)),
)

_TOWN = (
    *_LIMITS,
    Entry("hand_overs", "hand-overs through HTTP, 8 at once", "/s", times("commits", "bare commits")),
    Entry(
        "seen_p50",
        "commit to visible at half load, p50",
        "ms",
        times("path_p50", "the bare path's p50", most=5),
    ),
    Entry("numbered_p50", "of which until the relay's commit, p50", "ms"),
    Entry("seen_p99", "commit to visible at half load, p99", "ms", times("path_p99", "the bare path's p99")),
    Entry("statements", "statements of a hand-over under load", "", at_most(25)),
    Entry("commits_each", "commits of a hand-over under load", "", at_most(6)),
    Entry("lone_statements", "statements of a lone hand-over", ""),
    Entry("lone_commits", "commits of a lone hand-over", ""),
    Entry("share_workers", "delivery's share of the machine at 300 hand-overs/s: workers", "%"),
    Entry("share_servers", "and the servers, the telling's inserts included", "%"),
)

_INTRODUCTION = """# Figures

Made by `python3 dev.py bench`; it writes this page.
{machine}
Servers with durable settings (fsync on), everything on one machine over 127.0.0.1, {runs} interleaved
{word}; the limits are measured in the same runs.
The client of the hand-overs takes its share of the same cores.
"""

_ONE_PROCESS_TEXT = """## Relay and listener in one process

{events:,} events of 300 paths and 6 tenants: numbered, hashed, signed, copied, read, verified, validated, and
one row written in the event's tenant under row-level security; batches of 200, uvloop.
"""

_PARTS_TEXT = """Where an event's CPU time in that process goes, by a look at each millisecond of it:

| part | µs an event | share |
| --- | ---: | ---: |"""

_TOWN_TEXT = """## The processes of the topology

A hand-over is `send`, `open` and `accept`. Statements are those that PostgreSQL executed for any service,
without BEGIN, COMMIT and what idle processes poll with; commits are transactions that wrote or locked a row.
Visible means that the partner's notice is committed, by PostgreSQL's own commit times; an open page shows it
at most 0.2 s later.
"""


@dataclass(frozen=True, slots=True)
class About:
    """What the figures were taken with: the servers' versions, how many runs, events in one process."""

    versions: Mapping[str, str]
    runs: int
    events: int


def written(
    in_one_process: Figures,
    parts: Mapping[str, Sequence[float]],
    in_town: Figures,
    *,
    about: About,
) -> str:
    """The whole page, as Markdown."""
    runs = about.runs
    word = "run" if runs == 1 else "runs (median, least, most)"
    blocks = [
        _INTRODUCTION.format(machine=machine(about.versions), runs=runs, word=word),
        _ONE_PROCESS_TEXT.format(events=about.events),
        *in_one_process.table(_ONE_PROCESS),
        "",
        _PARTS_TEXT,
        *_part_rows(parts),
        "",
        _TOWN_TEXT,
        *in_town.table(_TOWN),
        "",
        "Memory at rest, resident:\n",
        *in_town.table(_memory(in_town)),
    ]
    return "\n".join(blocks) + "\n"


def _part_rows(parts: Mapping[str, Sequence[float]]) -> list[str]:
    medians = {part: statistics.median(values) for part, values in parts.items()}
    whole = sum(medians.values())
    ordered = sorted(medians.items(), key=lambda one: -one[1])
    return [f"| {part} | {us:.1f} | {us / whole:.0%} |" for part, us in ordered]


def _memory(figures: Figures) -> list[Entry]:
    names = [name for name in figures.runs if name.startswith("rss_")]
    return [Entry(name, name.removeprefix("rss_"), "MB") for name in names]
