"""Chains of rows that are written once: bound a moment after they were written, and their heads signed.

A row is written in its own transaction, append-only from then on, and its
trigger notes its id and digest in ``unchained``.  The worker gives each the
next number of its chain, and its hash, so that no request waits for another.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.rows import tuple_row

from . import log
from .chain import hash_of
from .checkpoint import Checkpoint, origin_of
from .database import Connection, Database

PERIOD_S = 0.25
"""Seconds between looks for what is unchained."""

ROUND = 1000
"""The most rows that one round binds."""

# Each chain's head comes with every row of it: one statement, so one look at both.
_TAKE = """
with taken as (
    delete from unchained where position = any (array(
        select position from unchained order by position limit %s
    ))
    returning position, chain, entry_id, digest
)
select h.chain, h.number, h.hash, t.entry_id, t.digest
from chain_heads h join taken t using (chain) order by h.chain, t.position
"""

_BIND = """
with heads as (
    update chain_heads set number = new.number, hash = new.hash, signature = new.signature
    from unnest(%(chains)s::text[], %(numbers)s::bigint[], %(hashes)s::bytea[], %(signatures)s::bytea[])
        as new (chain, number, hash, signature)
    where chain_heads.chain = new.chain and new.signature is not null
)
insert into chain_links (chain, number, entry_id, digest, hash, signature)
select * from unnest(%(chains)s::text[], %(numbers)s::bigint[], %(entries)s::uuid[], %(digests)s::bytea[],
    %(hashes)s::bytea[], %(signatures)s::bytea[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an audit found: in which chain, at which number if it has one, and what is wrong."""

    chain: str
    number: int | None
    what: str

    def __str__(self) -> str:
        where = self.chain if self.number is None else f"{self.chain}, row {self.number}"
        return f"{where}: {self.what}"


Compare = Callable[[Connection], Awaitable[list[Finding]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The chains that a service keeps; each is named as the table of its rows.

    ``tenants``: the query for the ids of all whose rows they hold.
    ``compare``: what stands otherwise in a tenant's own tables than a chain says.
    """

    chains: Sequence[str]
    tenants: str
    compare: Compare


# Not frozen: see ``Row``.
@dataclass(slots=True)
class Link:
    """One row's place in a chain; a round's last one is signed."""

    chain: str
    number: int
    entry_id: UUID
    digest: bytes
    hash: bytes
    signature: bytes | None = None


@dataclass(slots=True)
class _Waiting:
    number: int
    hash: bytes
    entries: list[tuple[UUID, bytes]] = field(default_factory=list)


class Binder:
    """Binds what a service wrote into its chains."""

    def __init__(self, teller: log.Teller, database: Database) -> None:
        self._teller, self._database = teller, database

    async def once(self) -> None:
        """Bind all that waits, in rounds; the relay's lock is held for each."""
        while await self._waits() and await self._round() == ROUND:
            pass

    async def _waits(self) -> bool:
        async with self._database.glance() as sql:
            row = await (await sql.execute("select exists (select from unchained) as waits")).fetchone()
        return bool(row and row["waits"])

    async def _round(self) -> int:
        async with self._database.pipelined() as sql:
            await log.lock(sql)
            waiting = await _take(sql)
            links = [link for chain, found in waiting.items() for link in self._bound(chain, found)]
            if links:
                await sql.execute(_BIND, _columns(links))
        return len(links)

    def _bound(self, chain: str, waiting: _Waiting) -> Iterable[Link]:
        links: list[Link] = []
        previous = waiting.hash
        for number, (entry_id, digest) in enumerate(waiting.entries, start=waiting.number + 1):
            previous = hash_of(previous, number, entry_id, digest)
            links.append(Link(chain, number, entry_id, digest, previous))
        end = Checkpoint(origin_of(self._teller.name, chain), links[-1].number, previous)
        links[-1].signature = end.signed(self._teller.key)
        return links


async def _take(sql: Connection) -> dict[str, _Waiting]:
    async with sql.cursor(row_factory=tuple_row) as cursor:
        rows = await (await cursor.execute(_TAKE, [ROUND])).fetchall()
    found: dict[str, _Waiting] = {}
    for chain, number, row_hash, entry_id, digest in rows:
        found.setdefault(chain, _Waiting(number, row_hash)).entries.append((entry_id, digest))
    return found


def _columns(links: Sequence[Link]) -> dict[str, Any]:
    return {
        "chains": [one.chain for one in links],
        "numbers": [one.number for one in links],
        "entries": [one.entry_id for one in links],
        "digests": [one.digest for one in links],
        "hashes": [one.hash for one in links],
        "signatures": [one.signature for one in links],
    }


async def links_after(sql: Connection, chain: str, number: int, limit: int) -> list[Link]:
    """The rows of a chain above a number, in order."""
    query = """
    select chain, number, entry_id, digest, hash, signature from chain_links
    where chain = %s and number > %s order by number limit %s
    """
    rows = await (await sql.execute(query, [chain, number, limit])).fetchall()
    return [Link(**row) for row in rows]


async def unbound(sql: Connection) -> int:
    """How many rows wait to be bound."""
    rows = await (await sql.execute("select count(*) as waiting from unchained")).fetchall()
    waiting: int = rows[0]["waiting"]
    return waiting


async def heads(sql: Connection) -> list[dict[str, Any]]:
    """The last signed head of each chain that has one: ``chain``, ``number``, ``hash``, ``signature``."""
    query = "select chain, number, hash, signature from chain_heads where number > 0 order by chain"
    return await (await sql.execute(query)).fetchall()


async def witness(sql: Connection, found: Sequence[dict[str, Any]]) -> None:
    """Remember that the tenant has these heads now."""
    query = """
    insert into chain_witnesses (org_id, chain, number, hash, fetched_at)
    select nullif(current_setting('app.org', true), '')::uuid, chain, number, hash, app_now()
    from unnest(%s::text[], %s::bigint[], %s::bytea[]) as fetched (chain, number, hash)
    on conflict (org_id, chain) do update
    set number = excluded.number, hash = excluded.hash, fetched_at = excluded.fetched_at
    """
    await sql.execute(query, [[one[name] for one in found] for name in ("chain", "number", "hash")])
