"""What a hand-over and the common reads cost as the stored paths grow: `dev.py bench --growth`.

The paths are twins of one that was played through the API: its rows, copied under ids of their own in the
same tenant and team, which is the worst case.  The log is not filled: it only ever grows at its end.
"""

from __future__ import annotations

import asyncio
import math
import statistics
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from .line import Line
from .town import RECEIVER, SENDER, Thing, Town, built, drafts, hand_over

LEAST, MOST = 10_000, 1_000_000
ROUNDS = 3
HAND_OVERS, READS = 20, 20
AT_ONCE = 50_000
"""So many twins in one transaction."""

_TABLES: Mapping[str, Sequence[str]] = {
    "referrals": (
        "subjects", "persons", "person_keys", "paths", "needs", "need_turns", "referrals", "referral_items",
        "referral_steps", "consents", "disclosures", "disclosure_items", "access_log", "timers",
    ),
    "notifications": ("subjects", "notices"),
    "tracing": ("steps",),
}  # fmt: skip

_TWIN = """
create function public.twin(id uuid, nth bigint) returns uuid language sql immutable parallel safe return
    (lpad(to_hex(1700000000000 + nth), 12, '0') || '7' || substr(md5(id::text || nth), 14, 3)
     || 'a' || substr(md5(id::text || nth), 18, 15))::uuid
"""

_SPENT = """
select queryid, sum(total_exec_time) as ms, sum(shared_blks_hit + shared_blks_read)::bigint as pages
from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname <> 'postgres' group by 1
"""

_OWN_COLUMNS = """
select column_name as name, data_type as type from information_schema.columns
where table_schema = %s and table_name = %s and is_identity = 'NO' and is_generated = 'NEVER'
order by ordinal_position
"""

_INDEXES = """
select i.schemaname as schema, i.indexname as name, i.indexdef as made_by from pg_indexes i
where i.schemaname || '.' || i.tablename = any (%s) and not exists (
    select from pg_constraint where conindid = format('%%I.%%I', i.schemaname, i.indexname)::regclass)
"""

Work = Callable[[Line], Awaitable[None]]
Cost = tuple[float, float]
"""Milliseconds that the statements took in PostgreSQL, and the pages that they touched."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The cost of each thing at a number of stored paths."""

    paths: int
    costs: Mapping[str, Cost]


def sizes(most: int) -> list[int]:
    """Numbers of stored paths, each ten times the one before, up to the most."""
    return [size for nth in range(9) if (size := LEAST * 10**nth) < most] + [most]


def measured(folder: Path, stored: Sequence[int], say: Callable[[str], None]) -> list[Sample]:
    """The costs at each number of stored paths, in one installation that grows."""
    with built(folder) as town:
        first = asyncio.run(_played(town))
        town.settle()
        with psycopg.connect(town.admin_url, autocommit=True, row_factory=dict_row) as admin:
            admin.execute("alter role postgres set synchronous_commit = off")
            admin.execute(_TWIN)
            twins = Twins(admin)
            meter = Meter(admin, town)
            samples = []
            for size in stored:
                say(f"{size:,} paths are stored")
                twins.grow_to(size)
                say(f"{size:,} paths: measuring")
                samples.append(Sample(size, asyncio.run(_costs(town.renewed(), meter, first))))
    return samples


async def _played(town: Town) -> Thing:
    (referral,) = await drafts(town, 1)
    line = await Line.to(town.installation.services["referrals"])
    await hand_over(town, line, referral)
    line.close()
    return referral


class Twins:
    """Copies of the rows that one path has left in every table."""

    def __init__(self, admin: psycopg.Connection[Any]) -> None:
        self._admin, self._count = admin, 1
        own = {row["id"] for place in _tables() if place[1] != "subjects" for row in self._ids(*place)}
        self._copies = [self._copy(schema, table, own) for schema, table in _tables()]

    def grow_to(self, paths: int) -> None:
        """Store so many paths, and let PostgreSQL know what it has."""
        with self._without_indexes():
            while self._count < paths:
                last = min(self._count + AT_ONCE, paths)
                with self._admin.transaction():
                    self._admin.execute("set local session_replication_role = replica")
                    for copy in self._copies:
                        self._admin.execute(copy, [self._count, last - 1])
                self._count = last
        self._admin.execute("vacuum analyze")
        self._admin.execute("checkpoint")

    @contextmanager
    def _without_indexes(self) -> Iterator[None]:
        """Those that are no constraint's are made anew once the rows are there, in a tenth of the time."""
        found = self._admin.execute(
            _INDEXES, [[f"{schema}.{table}" for schema, table in _tables()]]
        ).fetchall()
        for index in found:
            self._admin.execute(
                sql.SQL("drop index {}").format(sql.Identifier(index["schema"], index["name"]))
            )
        yield
        for index in found:
            self._admin.execute(index["made_by"])

    def _ids(self, schema: str, table: str) -> list[Any]:
        name = "event_id" if table == "steps" else "owner" if table == "timers" else "id"
        has_one = any(column["name"] == name for column in self._columns(schema, table))
        query = sql.SQL("select {} as id from {}").format(sql.Identifier(name), sql.Identifier(schema, table))
        return self._admin.execute(query).fetchall() if has_one else []

    def _columns(self, schema: str, table: str) -> list[Any]:
        return self._admin.execute(_OWN_COLUMNS, [schema, table]).fetchall()

    def _copy(self, schema: str, table: str, own: set[Any]) -> sql.Composed:
        """The statement that copies the table's first rows for each number in a stretch."""
        place, columns = sql.Identifier(schema, table), self._columns(schema, table)
        first = sql.Identifier(f"first_{schema}_{table}")
        self._admin.execute(sql.SQL("create temp table {} as table {}").format(first, place))
        rows = self._admin.execute(sql.SQL("table {}").format(first)).fetchall()
        found = {name: {row[name] for row in rows if isinstance(row[name], UUID)} for name in _names(columns)}
        values = [_value(column, found[column["name"]] & own) for column in columns]
        return sql.SQL("insert into {} ({}) select {} from {}, generate_series(%s::bigint, %s) nth").format(
            place,
            sql.SQL(", ").join(map(sql.Identifier, _names(columns))),
            sql.SQL(", ").join(values),
            first,
        )


def _names(columns: Iterable[Mapping[str, str]]) -> list[str]:
    return [column["name"] for column in columns]


def _tables() -> Iterator[tuple[str, str]]:
    return ((schema, table) for schema, tables in _TABLES.items() for table in tables)


def _value(column: Mapping[str, str], own: set[Any]) -> sql.Composable:
    name = sql.Identifier(column["name"])
    if column["name"] == "code" and column["type"] == "text":
        # A need's is one of a few; a referral's is its own.
        return sql.SQL("case when left({0}, 1) = 'Ö' then {0} || nth else {0} end").format(name)
    if column["name"] == "due_at":
        # What rings meanwhile would be counted with what is measured.
        return sql.SQL("{} + interval '10 years'").format(name)
    if column["name"] == "seq":
        return sql.SQL("-(nth * 100 + {})").format(name)
    return sql.SQL("public.twin({}, nth)").format(name) if own else name


class Meter:
    """What the services' statements cost, but for those that idle processes poll with."""

    def __init__(self, admin: psycopg.Connection[Any], town: Town) -> None:
        self._admin, self._town = admin, town

    async def cost(self, work: Work, count: int) -> Cost:
        """The median cost of one of `count`, over a few rounds; the idle time between them is no cost."""
        found = [await self._spent(work, count) for _ in range(ROUNDS)]
        ms, pages = zip(*found, strict=True)
        return statistics.median(ms), statistics.median(pages)

    async def _spent(self, work: Work, count: int) -> Cost:
        self._reset()
        await asyncio.sleep(3)
        polls = {row["queryid"] for row in self._rows()}
        self._reset()
        line = await Line.to(self._town.installation.services["referrals"])
        await work(line)
        line.close()
        await asyncio.to_thread(self._town.settle)
        rows = [row for row in self._rows() if row["queryid"] not in polls]
        return sum(row["ms"] for row in rows) / count, sum(int(row["pages"]) for row in rows) / count

    def _reset(self) -> None:
        self._town.settle()
        self._admin.execute("select pg_stat_statements_reset()")

    def _rows(self) -> list[Any]:
        return self._admin.execute(_SPENT).fetchall()


async def _costs(town: Town, meter: Meter, first: Thing) -> dict[str, Cost]:
    ready = list(await drafts(town, HAND_OVERS * ROUNDS))

    async def hand_overs(line: Line) -> None:
        for _ in range(HAND_OVERS):
            await hand_over(town, line, ready.pop())

    def reads(path: str, login: str) -> Work:
        async def read(line: Line) -> None:
            for _ in range(READS):
                await line.get(path, token=town.tokens[login])

        return read

    costs = {"a hand-over, its delivery included": await meter.cost(hand_overs, HAND_OVERS)}
    for name, path, login in (
        ("the inbox, 50 rows", "/referrals?box=in&limit=50", RECEIVER),
        ("what the team has sent, 50 rows", "/referrals?box=out&limit=50", SENDER),
        ("the referrals of a path", f"/referrals?path_id={first['path_id']}", SENDER),
        ("one referral", f"/referrals/{first['id']}", RECEIVER),
        ("what was disclosed", f"/referrals/{first['id']}/disclosure", RECEIVER),
    ):
        costs[name] = await meter.cost(reads(path, login), READS)
    return costs


def exponent(small: Sample, large: Sample, name: str, which: int) -> float:
    """By which power of the stored paths a cost grows; 0 is not at all."""
    ratio = large.costs[name][which] / small.costs[name][which]
    return math.log(ratio) / math.log(large.paths / small.paths)


def page(samples: Sequence[Sample]) -> str:
    """The figures as a page of Markdown."""
    heads = " | ".join(f"{sample.paths:,} paths" for sample in samples)
    lines = [
        "# Growth", "",
        "Made by `python3 dev.py bench --growth`; it writes this page.",
        "What one of each costs PostgreSQL (milliseconds in statements, and pages of 8 KB touched) with so",
        "many paths stored, all of one tenant and team; medians of rounds in one run.",
        "The limit of the exponent between the least and the most is 0.05.", "",
        f"| one of | {heads} | exponent, pages | exponent, ms |",
        f"| --- |{' ---: |' * (len(samples) + 2)}",
    ]  # fmt: skip
    for name in samples[0].costs:
        cells = " | ".join(
            f"{ms:.2f} ms, {pages:.0f} pages" for ms, pages in (one.costs[name] for one in samples)
        )
        by_pages, by_ms = (exponent(samples[0], samples[-1], name, which) for which in (1, 0))
        lines.append(f"| {name} | {cells} | {by_pages:.3f} | {by_ms:.3f} |")
    return "\n".join([*lines, ""])
