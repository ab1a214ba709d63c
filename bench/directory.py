"""What a large directory costs: reading one in, and searching in it: `dev.py bench --directory`.

The offerings come in as any other's do: sent as tables, checked, shown, confirmed and written.
"""

from __future__ import annotations

import asyncio
import csv
import io
import random
import statistics
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import psycopg

from deploy.demo_data.asking import Asking
from services.organisations.domain.hsds_terms import TERMS
from services.organisations.domain.places import AREAS
from shared.events.base import NeedCode
from shared.ids import new_id

from .line import Line
from .town import Town, built

MOST = 100_000
AN_IMPORT = 10_000
ASKS = 300
ADMIN = "orgadmin-a"
PATIENCE_S = 1800.0

LEAST_ROWS, MOST_TIMES = 2_000, 10

_FIRST = """
språk läx kör gruppe cykel sim familje föräldra ungdoms senior data skuld hyres jobb studie vän
samtals sorg natur promenad odlings mat bak sy musik dans teater schack bok film tids närvaro
trygghets natt fritids
""".split()  # noqa: SIM905 - a list of forty strings is forty lines
_LAST = """
café cirkel grupp stöd hjälp rådgivning kurs träff mottagning verkstad skola klubb lotsning
kväll lag mentor samtal slinga kraft forum
""".split()  # noqa: SIM905 - a list of forty strings is forty lines
_SAID = """
vi möts varje vecka och hjälps åt utan kostnad för dig som vill lära känna andra i området med
stöd av ledare som talar ditt språk kom som du är barn får följa med anmäl dig eller kom direkt
""".split()  # noqa: SIM905 - a list of forty strings is forty lines

SEARCHES: Mapping[str, tuple[str, str]] = {
    "a word": ("text=språkcafé", "språkcafé"),
    "two words": ("text=cykel kurs", "cykel & kurs"),
    "a part of a word": ("text=läx", "läxhjälp | läxcafé | läxgrupp | läxkurs"),
    "a misspelt word": ("text=skuldrådgivnig", "skuldrådgivning"),
    "a word of very many": ("text=stöd", "stöd"),
    "a word that is not there": ("text=rymdfärja", "rymdfärja"),
    "a need": ("need=language&area=B041&language=ar&age=30", ""),
    "a need and a word": ("need=work&text=mentor&area=B022", "mentor"),
}
"""What is asked for, and the words that the bare query asks the same index for."""

_BARE_TEXT = """
select id, name, ts_rank(document, to_tsquery('swedish', %(words)s), 32) as text from organisations.offerings
where document @@ to_tsquery('swedish', %(words)s)
    and (%(need)s::text is null or needs @> array[%(need)s::text])
order by text desc limit 50
"""
_BARE_NEED = """
select id, name from organisations.offerings where needs @> array[%(need)s::text] order by id limit 50
"""


@dataclass(slots=True)
class Sample:
    """What was measured."""

    offerings: int = 0
    rates: list[float] = field(default_factory=list)
    services: list[float] = field(default_factory=list)
    searches: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)


def measured(folder: Path, offerings: int, say: Callable[[str], None]) -> Sample:
    sample = Sample()
    with built(folder) as town:
        token = _token(town)
        while sample.offerings < offerings:
            some = min(AN_IMPORT, offerings - sample.offerings)
            token = _token(town)
            rows, took = asyncio.run(_imported(town, token, some))
            sample.offerings += some
            sample.rates.append(rows / took)
            sample.services.append(some / took)
            say(f"{sample.offerings:,} offerings, {rows / took:,.0f} rows a second")
        _settle(town)
        town.execute("vacuum analyze organisations.offerings, organisations.words")
        for name, (query, words) in SEARCHES.items():
            say(f"searching: {name}")
            sample.searches[name] = (
                asyncio.run(_asked(town, _token(town), query)),
                _bare(town, words, query),
            )
    return sample


def _token(town: Town) -> str:
    ask = Asking(town.installation.services)
    try:
        return ask.signed_in(ADMIN)
    finally:
        ask.close()


def _settle(town: Town) -> None:
    """Wait until every offering has been told to everybody."""
    ends_at = time.monotonic() + PATIENCE_S
    while True:
        left = town.rows(
            "select (select count(*) from organisations.untold)"
            " + (select coalesce(max(seq), 0) from organisations.log)"
            " - (select min(seq) from referrals.positions where stream like '%%organisations') as n"
        )[0]["n"]
        if left == 0 or time.monotonic() > ends_at:
            return
        time.sleep(0.5)


async def _imported(town: Town, token: str, services: int) -> tuple[int, float]:
    """Rows, and the seconds between sending them and their being written."""
    line = await Line.to(town.installation.services["organisations"])
    try:
        staff = await line.get("/staff?limit=200", token=token)
        team = next(one["team_id"] for one in staff["items"] if one["team_id"])
        content, rows = directory(services)
        began = time.perf_counter()
        shown = await _sent(town, token, team, content)
        shown = await _until(line, token, shown["id"], "previewed")
        await line.post(f"/imports/{shown['id']}/confirm", {}, token=token, version=shown["version"])
        await _until(line, token, shown["id"], "written")
        return rows, time.perf_counter() - began
    finally:
        line.close()


async def _sent(town: Town, token: str, team_id: str, content: bytes) -> dict[str, Any]:
    line = await Line.to(town.installation.services["organisations"])
    try:
        return await line.send(f"/imports?team_id={team_id}", content, token=token)
    finally:
        line.close()


async def _until(line: Line, token: str, import_id: str, state: str) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await line.get(f"/imports/{import_id}", token=token)
            if found["state"] == state:
                return found
            await asyncio.sleep(0.1)


def directory(services: int) -> tuple[bytes, int]:
    """A zip of so many services, each with a language, an area and a need; and how many rows it holds."""
    chance = random.Random(services + time.time_ns())  # noqa: S311 - no secret
    house = new_id()
    tables: dict[str, list[list[str]]] = {
        "organizations.csv": [["id", "name", "description"], [str(house), "Bildningen", "Ett förbund."]],
        "services.csv": [["id", "organization_id", "name", "description", "status", "minimum_age"]],
        "languages.csv": [["id", "service_id", "code"]],
        "service_areas.csv": [["id", "service_id", "name", "extent"]],
        "attributes.csv": [["id", "link_id", "link_entity", "taxonomy_term_id"]],
    }
    for one in (new_id() for _ in range(services)):
        for file, row in _service(one, house, chance):
            tables[file].append(row)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, rows in tables.items():
            text = io.StringIO(newline="")
            csv.writer(text).writerows(rows)
            archive.writestr(file, text.getvalue())
    return packed.getvalue(), sum(len(rows) - 1 for rows in tables.values())


def _service(id: UUID, house: UUID, chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    name = f"{chance.choice(_FIRST)}{chance.choice(_LAST)} {chance.choice(_LAST)}".capitalize()
    said = " ".join(chance.choices(_SAID, k=20))
    area, term = chance.choice(AREAS), TERMS["need", chance.choice([*NeedCode])]
    yield "services.csv", [str(id), str(house), name, said, "active", chance.choice(["", "18"])]
    yield "languages.csv", [str(new_id()), str(id), chance.choice(["sv", "ar", "so", "en"])]
    yield "service_areas.csv", [str(new_id()), str(id), area.name, str(area.code)]
    yield "attributes.csv", [str(new_id()), str(id), "service", str(term.id)]


async def _asked(town: Town, token: str, query: str) -> list[float]:
    """Milliseconds of each of so many asks of the service."""
    line, took = await Line.to(town.installation.services["organisations"]), []
    try:
        for nth in range(ASKS + 10):
            began = time.perf_counter()
            await line.get(f"/offerings?{quote(query, safe='=&')}", token=token)
            if nth >= 10:
                took.append((time.perf_counter() - began) * 1000)
    finally:
        line.close()
    return took


def _bare(town: Town, words: str, query: str) -> list[float]:
    """Milliseconds of as many of the bare query, on one connection."""
    need = next((part[5:] for part in query.split("&") if part.startswith("need=")), None)
    statement, values, took = (_BARE_TEXT if words else _BARE_NEED), {"words": words, "need": need}, []
    with psycopg.connect(town.admin_url, autocommit=True) as sql:
        for nth in range(ASKS + 10):
            began = time.perf_counter()
            sql.execute(statement.encode(), values).fetchall()
            if nth >= 10:
                took.append((time.perf_counter() - began) * 1000)
    return took


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def page(sample: Sample) -> str:
    """The figures as a page of Markdown."""
    rates = [statistics.median(sample.rates), min(sample.rates), max(sample.rates)]
    services = statistics.median(sample.services)
    lines = [
        "# A large directory", "",
        "Made by `python3 dev.py bench --directory`; it writes this page.",
        f"Read in as tables, {AN_IMPORT:,} services at a time and each with three rows beside its own:",
        "the seconds are those from sending to written, reading, checking and the preview among them.", "",
        "| rows a second | least | most | goal | services a second |",
        "| ---: | ---: | ---: | ---: | ---: |",
        f"| {rates[0]:,.0f} | {rates[1]:,.0f} | {rates[2]:,.0f} | {LEAST_ROWS:,} | {services:,.0f} |",
        "",
        f"A search among {sample.offerings:,} offerings, over HTTP with its reasons, beside the bare query",
        f"by the same index and its order alone; milliseconds, {ASKS} of each.", "",
        "| search | median | p99 | bare median | bare p99 | times, of p99s | goal |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for name, (asked, bare) in sample.searches.items():
        times = _p99(asked) / _p99(bare)
        lines.append(
            f"| {name} | {statistics.median(asked):.1f} | {_p99(asked):.1f} | {statistics.median(bare):.2f} "
            f"| {_p99(bare):.2f} | {times:.1f} | at most {MOST_TIMES} |"
        )
    return "\n".join([*lines, ""])
