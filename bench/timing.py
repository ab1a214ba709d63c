"""Whether the time of an answer tells that somebody exists: 2,000 asks of each kind, interleaved.

A foreign person, a locked one, and ids of nobody; compared by the test of Mann and Whitney.
"""

from __future__ import annotations

import asyncio
import math
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from deploy.demo_data import story
from deploy.demo_data.asking import Asking
from shared.ids import new_id

from .figures import machine
from .line import Line, Unanswered
from .town import RECEIVER, SENDER, Town

ASKS = 2000
PERSONS = 40
LEAD, ADMIN = "lead-a", "orgadmin-a"

Samples = Mapping[str, Sequence[float]]

_TEXT = """# Timing

Made by `python3 dev.py bench --timing`; it writes this page.
{machine}

`GET /persons/{{id}}` on one kept connection, {asks:,} asks of each kind in shuffled order, all answered 404
but the last; {persons} persons take turns, and each unknown id is new. The same statements are run and the
same bytes answered, as `tests/integration/walls/test_unknown_alike.py` shows; here is the time, in
microseconds.
p is that of a two-sided Mann-Whitney test: a small one would say that the two can be told apart.

| asked by | about | median | beside | median | p |
| --- | --- | ---: | --- | ---: | ---: |
"""

_PAIRS = (
    ("another organisation", "a person of somebody else", "foreign", "an unknown id", "foreign_unknown"),
    ("her own organisation", "a locked person", "locked", "an unknown id", "locked_unknown"),
    ("another organisation", "an unknown id", "foreign_unknown", "another unknown id", "foreign_unknown_too"),
    ("her own team", "a person of theirs (200)", "own", "an unknown id", "locked_unknown"),
)
"""The last two are controls: the third must not differ, and the fourth must, or the test sees nothing."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How two samples differ."""

    medians: tuple[float, float]
    p: float


def page(town: Town, asks: int = ASKS) -> str:
    """The whole page, as Markdown."""
    samples = asyncio.run(_measured(town, asks))
    versions = {"PostgreSQL": town.rows("show server_version")[0]["server_version"]}
    text = _TEXT.format(machine=machine(versions), asks=asks, persons=PERSONS)
    return text + "".join(_row(samples, pair) for pair in _PAIRS)


def _row(samples: Samples, pair: tuple[str, str, str, str, str]) -> str:
    by, about, name, beside, other = pair
    found = compared(samples[name], samples[other])
    one, two = (f"{median:,.0f}" for median in found.medians)
    return f"| {by} | {about} | {one} | {beside} | {two} | {found.p:.2g} |\n"


def compared(one: Sequence[float], other: Sequence[float]) -> Compared:
    """Mann-Whitney's U, by its normal approximation with ties: for samples of some dozens and more."""
    u = _rank_sum(one, other) - len(one) * (len(one) + 1) / 2
    z = (u - len(one) * len(other) / 2) / _deviation(one, other)
    medians = (statistics.median(one), statistics.median(other))
    return Compared(medians, math.erfc(abs(z) / math.sqrt(2)))


def _ties(one: Sequence[float], other: Sequence[float]) -> list[tuple[float, int, float]]:
    """Each value once, how often it stands in both, and the mean of its ranks."""
    counted: dict[float, int] = {}
    for value in sorted((*one, *other)):
        counted[value] = counted.get(value, 0) + 1
    found, below = [], 0
    for value, times in counted.items():
        found.append((value, times, below + (times + 1) / 2))
        below += times
    return found


def _rank_sum(one: Sequence[float], other: Sequence[float]) -> float:
    ranks = {value: rank for value, _, rank in _ties(one, other)}
    return sum(ranks[value] for value in one)


def _deviation(one: Sequence[float], other: Sequence[float]) -> float:
    n, m = len(one), len(other)
    tied = sum(times**3 - times for _, times, _ in _ties(one, other))
    return math.sqrt(n * m / 12 * (n + m + 1 - tied / ((n + m) * (n + m - 1))))


async def _measured(town: Town, asks: int) -> Samples:
    line = await Line.to(town.installation.services["referrals"])
    try:
        open_ones, locked_ones = await _persons(town, line)
        admin = _token(town, ADMIN)
        kinds = {
            "foreign": (town.tokens[RECEIVER], open_ones),
            "foreign_unknown": (town.tokens[RECEIVER], None),
            "foreign_unknown_too": (town.tokens[RECEIVER], None),
            "locked": (admin, locked_ones),
            "locked_unknown": (admin, None),
            "own": (town.tokens[SENDER], open_ones),
        }
        order = [kind for kind in kinds for _ in range(asks)]
        random.Random(1).shuffle(order)  # noqa: S311 - an order, not a secret
        for kind in order[: asks // 4]:
            await _ask(line, *kinds[kind], nth=0)
        samples: dict[str, list[float]] = {kind: [] for kind in kinds}
        for nth, kind in enumerate(order):
            samples[kind].append(await _ask(line, *kinds[kind], nth=nth))
        return samples
    finally:
        line.close()


async def _ask(line: Line, token: str, persons: Sequence[str] | None, *, nth: int) -> float:
    """Microseconds until the answer is read."""
    person = persons[nth % len(persons)] if persons else new_id()
    began = time.perf_counter()
    with suppress(Unanswered):
        await line.get(f"/persons/{person}", token=token)
    return (time.perf_counter() - began) * 1e6


async def _persons(town: Town, line: Line) -> tuple[list[str], list[str]]:
    """Some persons, and as many that are locked for two who do not ask."""
    token, body = town.tokens[SENDER], story.SAMIRA.body()
    made = [await line.post("/persons", body, token=token) for _ in range(2 * PERSONS)]
    open_ones, hidden = made[:PERSONS], made[PERSONS:]
    keepers = {"staff_ids": _keepers(town)}
    for one in hidden:
        await line.post(f"/persons/{one['id']}/lock", keepers, token=token, version=one["version"])
    return [one["id"] for one in open_ones], [one["id"] for one in hidden]


def _keepers(town: Town) -> list[str]:
    ask = Asking(town.installation.services)
    try:
        staff = ask.get("organisations", "/staff?limit=200", token=town.tokens[SENDER])["items"]
    finally:
        ask.close()
    return [one["id"] for one in staff if one["login"] in {SENDER, LEAD}]


def _token(town: Town, login: str) -> str:
    ask = Asking(town.installation.services)
    try:
        return ask.signed_in(login)
    finally:
        ask.close()
