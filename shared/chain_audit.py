"""Walks a service's chains: every link, every row that was bound, and every head that somebody holds."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg import sql as pg
from psycopg.rows import DictRow, dict_row

from .chain import GENESIS, hash_of
from .chains import Books, Finding, Link, heads, links_after
from .checkpoint import Checkpoint, Kept, origin_of
from .database import Connection

PAGE = 1000

_ENTRIES = """
select t.id, k.number, k.digest, t.salt,
    convert_to(jsonb_strip_nulls(to_jsonb(t) - 'salt')::text, 'UTF8') as said
from {table} t
left join chain_links k on k.chain = {chain} and k.entry_id = t.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A head that somebody holds, by which a chain is measured."""

    by: str
    number: int
    hash: bytes


@dataclass(slots=True, kw_only=True)
class Walked:
    """What was found of one chain.

    How many rows are good, signed for, erased, and wait to be bound; how many heads of it were kept.
    """

    chain: str
    rows: int = 0
    signed: int = 0
    erased: int = 0
    waiting: int = 0
    kept: int = 0
    findings: list[Finding] = field(default_factory=list)

    def found(self, number: int | None, what: str) -> None:
        self.findings.append(Finding(chain=self.chain, number=number, what=what))

    @property
    def first(self) -> list[Finding]:
        """The first bad row, and what is wrong beside the rows."""
        numbered = [one for one in self.findings if one.number is not None]
        return sorted(numbered, key=lambda one: one.number or 0)[:1] + [
            one for one in self.findings if one.number is None
        ]


async def walk(
    sql: Connection, books: Books, *, service: str, key: Ed25519PublicKey, kept: Sequence[Kept] = ()
) -> list[Walked]:
    """Walk all chains of a service as they are at one instant; the transaction must be a fresh one."""
    await sql.execute("set transaction isolation level repeatable read")
    # A cursor is planned for its first rows otherwise, and all of them are read here.
    await sql.execute(
        "select set_config('timezone', 'UTC', true), set_config('cursor_tuple_fraction', '1', true)"
    )
    walks = {chain: Walked(chain=chain) for chain in books.chains}
    fetched = await _all_witnessed(sql, books)
    for chain, one in walks.items():
        origin = origin_of(service, chain)
        held = [*await _own_head(sql, one, origin, key), *_kept(one, origin, key, kept)]
        held += [_as_held(row) for row in fetched if row["chain"] == chain]
        await _follow(sql, one, origin, key, held)
    await _read_entries(sql, books, walks)
    return list(walks.values())


async def _tenants(sql: Connection, books: Books) -> AsyncIterator[UUID]:
    """Stand in each tenant's place in turn."""
    for row in await (await sql.execute(books.tenants.encode())).fetchall():
        await sql.execute("select set_config('app.org', %s, true)", [str(row["id"])])
        yield row["id"]


async def witnessed(sql: Connection, books: Books, chain: str) -> list[Held]:
    """The heads of a chain that organisations have fetched."""
    return [_as_held(row) for row in await _all_witnessed(sql, books) if row["chain"] == chain]


async def _all_witnessed(sql: Connection, books: Books) -> list[DictRow]:
    return [row async for _ in _tenants(sql, books) for row in await _witnessed(sql)]


async def _witnessed(sql: Connection) -> list[DictRow]:
    return await (await sql.execute("select org_id, chain, number, hash from chain_witnesses")).fetchall()


def _as_held(row: DictRow) -> Held:
    return Held(by=f"the head that {row['org_id']} fetched", number=row["number"], hash=row["hash"])


async def _own_head(sql: Connection, walked: Walked, origin: str, key: Ed25519PublicKey) -> list[Held]:
    found = [one for one in await heads(sql) if one["chain"] == walked.chain]
    for one in found:
        if not Checkpoint(origin, one["number"], one["hash"]).is_signed(key, one["signature"]):
            walked.found(None, "its head is not signed by the service")
        walked.signed = one["number"]
    return [Held(by="its signed head", number=one["number"], hash=one["hash"]) for one in found]


def _kept(walked: Walked, origin: str, key: Ed25519PublicKey, kept: Sequence[Kept]) -> list[Held]:
    ours = [one for one in kept if one.checkpoint.origin == origin]
    walked.kept = len(ours)
    if kept and not ours:
        walked.found(None, "no head of it was kept")
    if any(not one.is_of(key) for one in ours):
        walked.found(None, "the head that was kept is not signed by the service's key")
    by = "the head that was kept"
    return [Held(by=by, number=one.checkpoint.size, hash=one.checkpoint.hash) for one in ours]


async def _follow(
    sql: Connection, walked: Walked, origin: str, key: Ed25519PublicKey, held: Sequence[Held]
) -> None:
    """Walk the links as far as each follows from the one before it, and measure them by the heads."""
    previous = GENESIS
    async for link in _all_links(sql, walked.chain):
        number = walked.rows + 1
        wrong = _wrong_with(link, number, previous, origin, key)
        if wrong:
            walked.found(number, wrong)
            return
        for one in held:
            if one.number == number and one.hash != link.hash:
                walked.found(number, f"it or a row before it is another than {one.by} says")
        walked.rows, previous = number, link.hash
    for one in held:
        if one.number > walked.rows:
            walked.found(walked.rows + 1, f"missing: {one.by} is of {one.number} rows")
    if walked.rows > walked.signed:
        walked.found(walked.signed + 1, "no signed head reaches it")


async def _all_links(sql: Connection, chain: str) -> AsyncIterator[Link]:
    after = 0
    while page := await links_after(sql, chain, after, PAGE):
        for link in page:
            yield link
        after = page[-1].number


def _wrong_with(link: Link, number: int, previous: bytes, origin: str, key: Ed25519PublicKey) -> str | None:
    if link.number != number:
        return "missing"
    if hash_of(previous, number, link.entry_id, link.digest) != link.hash:
        return "does not follow from the row before it"
    head = Checkpoint(origin, number, link.hash)
    if link.signature is not None and not head.is_signed(key, link.signature):
        return "its signature is not the service's"
    return None


async def _read_entries(sql: Connection, books: Books, walks: Mapping[str, Walked]) -> None:
    """Compare every tenant's rows with what was bound of them, and with what its tables say."""
    seen = {chain: bytearray(one.rows + 1) for chain, one in walks.items()}
    waiting = await _waiting(sql)
    async for _ in _tenants(sql, books):
        for chain, one in walks.items():
            await _entries(sql, one, seen[chain], waiting)
        for finding in await books.compare(sql):
            walks[finding.chain].findings.append(finding)
    for chain, one in walks.items():
        gone = seen[chain].find(0, 1)
        if gone != -1:
            one.found(gone, "the row that was bound here is gone")


async def _waiting(sql: Connection) -> AbstractSet[UUID]:
    return {row["entry_id"] for row in await (await sql.execute("select entry_id from unchained")).fetchall()}


async def _entries(sql: Connection, walked: Walked, seen: bytearray, waiting: AbstractSet[UUID]) -> None:
    names = {"table": pg.Identifier(walked.chain), "chain": pg.Literal(walked.chain)}
    async with sql.cursor(name="entries", row_factory=dict_row) as cursor:
        cursor.itersize = PAGE
        await cursor.execute(pg.SQL(_ENTRIES).format(**names))
        async for row in cursor:
            _compare(walked, row, seen, waiting)


def _compare(walked: Walked, row: DictRow, seen: bytearray, waiting: AbstractSet[UUID]) -> None:
    number = row["number"]
    if number is None:
        walked.waiting += row["id"] in waiting
        if row["id"] not in waiting:
            walked.found(None, f"{row['id']} was never bound")
        return
    if number < len(seen):
        seen[number] = 1
    if row["salt"] is None:
        walked.erased += 1
    elif hashlib.sha256(row["salt"] + row["said"]).digest() != row["digest"]:
        walked.found(number, "is not what was written")
