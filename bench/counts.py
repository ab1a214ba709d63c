"""Statements and commits of a hand-over, counted by PostgreSQL: `python -m bench.counts [N]`."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .line import Line
from .town import Town, built, drafts, give, hand_over, in_lanes

IDLE_S = 12.0
"""Longer than any poll's period but the hourly ones."""

_STATEMENTS = """
select r.rolname || ' ' || regexp_replace(trim(s.query), '\\s+', ' ', 'g') as query,
    sum(s.calls)::int as calls
from pg_stat_statements s join pg_roles r on r.oid = s.userid
where r.rolname <> 'postgres' group by 1
"""
# Each transaction that writes or locks a row takes one number, and no other does.
_WRITES = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as number"
_WORDS_OF_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True, slots=True)
class Counts:
    """Statements by role and text, without BEGIN and COMMIT, and commits of what writes."""

    statements: Mapping[str, int]
    commits: int

    @property
    def total(self) -> int:
        return sum(self.statements.values())


class Counting:
    """Counts from where it was begun on, without the statements that idle processes poll with."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._polls: frozenset[str] = frozenset()
        self._statements: Mapping[str, int] = {}
        self._writes = 0

    def learn_polls(self) -> None:
        """Whatever is asked while nobody does anything is a poll, and so is asking whether all is quiet."""
        self._town.settle()
        before = self._asked()
        time.sleep(IDLE_S)
        self._town.settle()
        self._polls = frozenset(Counter(self._asked()) - Counter(before))

    def begin(self) -> None:
        self._town.settle()
        self._statements, self._writes = self._asked(), self._written()

    def counted(self) -> Counts:
        """What has been done since, once all of it is handled."""
        self._town.settle()
        done = Counter(self._asked()) - Counter(self._statements)
        work = {query: calls for query, calls in done.items() if query not in self._polls}
        return Counts(work, self._written() - self._writes)

    def _asked(self) -> dict[str, int]:
        found = self._town.rows(_STATEMENTS)
        return {row["query"]: row["calls"] for row in found if not _is_frame(row["query"])}

    def _written(self) -> int:
        number: int = self._town.rows(_WRITES)[0]["number"]
        return number


def _is_frame(query: str) -> bool:
    return query.split()[1].upper() in _WORDS_OF_TRANSACTIONS


async def lone(town: Town, counting: Counting) -> dict[str, Counts]:
    """The three commands one by one on an idle system."""
    (referral,) = await drafts(town, 1)
    line = await Line.to(town.installation.services["referrals"])
    found = {}
    for command in ("send", "open", "accept"):
        counting.begin()
        referral = await give(town, line, referral, command)
        found[command] = counting.counted()
    line.close()
    return found


async def under_load(town: Town, counting: Counting, count: int) -> Counts:
    """So many hand-overs, several at once."""
    ready = await drafts(town, count)
    counting.begin()
    await in_lanes(town, lambda line, number: hand_over(town, line, ready[number]), count)
    return counting.counted()


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 100
    with tempfile.TemporaryDirectory() as folder, built(Path(folder) / "town") as town:
        counting = Counting(town)
        counting.learn_polls()
        for command, counts in asyncio.run(lone(town, counting)).items():
            _print(f"{command}, alone", counts, 1)
        _print("a hand-over under load", asyncio.run(under_load(town, counting, count)), count)


def _print(name: str, counts: Counts, count: int) -> None:
    print(f"\n{name}: {counts.total / count:.2f} statements, {counts.commits / count:.2f} commits")
    for query, calls in sorted(counts.statements.items()):
        print(f"{calls / count:8.2f}  {query[:150]}")


if __name__ == "__main__":
    main()
