"""Walk what a service wrote once and for all, and name the first bad row: ``python -m shared.audit SERVICE``.

Its log, its ledger and access log where it has them, and the rows of others'
logs that it has handled: what a listener stands at vouches for what it heard.
``--head FILE`` measures the chains by heads that an organisation has kept.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import chain_audit, heads, log
from .chain import GENESIS
from .chain_audit import Held, Walked, witnessed
from .chains import Finding
from .checkpoint import Kept, NotACheckpoint, kept_in, origin_of
from .clients import ServiceClient
from .database import Connection, Database
from .envelope import Row
from .errors import Unavailable
from .service import Service
from .settings import Settings
from .verify import is_signed

PAGE = 1000


async def first_bad_row(database: Database, key: Ed25519PublicKey, stream: str) -> int | None:
    """The number of the first row that is missing or false; ``None`` if the whole log is as it was told.

    A tail that was cut is found only by who remembers a later head: the stream,
    the listeners' positions.
    """
    seq, previous, signed = 0, GENESIS, True
    while True:
        async with database.connection() as sql:
            rows = await log.read(sql, after=seq, limit=PAGE)
        for row in rows:
            if row.seq != seq + 1 or not row.follows(previous) or not _signature_holds(row, key, stream):
                return seq + 1
            seq, previous, signed = row.seq, row.hash, row.signature is not None
        if len(rows) < PAGE:
            return None if signed else seq


def _signature_holds(row: Row, key: Ed25519PublicKey, stream: str) -> bool:
    return row.signature is None or is_signed(row, key, stream)


async def log_findings(
    service: Service, database: Database, key: Ed25519PublicKey, kept: Sequence[Kept] = ()
) -> list[Finding]:
    """What is wrong with the service's own log, by itself and by the heads of it that somebody has kept."""
    stream = log.stream_of(service.name)
    if not service.tells:
        return []
    bad = await first_bad_row(database, key, stream)
    if bad is not None:
        return [Finding(chain=stream, number=bad, what="missing, or not as it was told")]
    ours = [one for one in kept if one.checkpoint.origin == origin_of(service.name, heads.LOG)]
    if any(not one.is_of(key) for one in ours):
        what = "the head that was kept is not signed by the service's key"
        return [Finding(chain=stream, number=None, what=what)]
    held = [
        Held(by="the head that was kept", number=one.checkpoint.size, hash=one.checkpoint.hash)
        for one in ours
    ]
    async with database.connection() as sql:
        held += await witnessed(sql, service.books, heads.LOG) if service.books else []
        return [finding for one in held if (finding := await _measured(sql, stream, one)) is not None]


async def _measured(sql: Connection, stream: str, held: Held) -> Finding | None:
    """Whether the log, which is whole by itself, is the one that the head was of."""
    stands = await heads.hash_at(sql, held.number)
    if stands is None:
        return Finding(chain=stream, number=held.number, what=f"missing: {held.by} is of {held.number} rows")
    if stands != held.hash:
        what = f"it or a row before it is another than {held.by} says"
        return Finding(chain=stream, number=held.number, what=what)
    return None


async def handled_findings(service: Service, database: Database, client: ServiceClient) -> list[Finding]:
    """Where a log that the service has heard is no longer what it heard: cut, or told otherwise."""
    async with database.connection() as sql:
        rows = await (await sql.execute("select stream, seq, hash from positions where seq > 0")).fetchall()
    at = {row["stream"]: (row["seq"], row["hash"]) for row in rows}
    heard = [(teller, *at[log.stream_of(teller)]) for teller in service.hears if log.stream_of(teller) in at]
    found = [await _compared(client, service.name, teller, seq, row_hash) for teller, seq, row_hash in heard]
    return [one for one in found if one is not None]


async def _compared(client: ServiceClient, by: str, teller: str, seq: int, row_hash: bytes) -> Finding | None:
    stream = log.stream_of(teller)
    try:
        head = (await client.get(teller, "/positions"))["heads"][stream]
        told = await client.log(teller, seq - 1, 1)
    except (httpx2.HTTPError, Unavailable):
        return Finding(chain=stream, number=None, what=f"{teller} does not answer, so {by} compared nothing")
    if head < seq:
        return Finding(chain=stream, number=head + 1, what=f"missing: {by} has handled {seq} rows")
    if [(row.seq, row.hash) for row in told] != [(seq, row_hash)]:
        what = f"it or a row before it is another than {by} has handled"
        return Finding(chain=stream, number=seq, what=what)
    return None


async def walked(
    service: Service, database: Database, key: Ed25519PublicKey, kept: Sequence[Kept] = ()
) -> list[Walked]:
    """Every chain of the service's books."""
    if service.books is None:
        return []
    async with database.connection() as sql:
        return await chain_audit.walk(sql, service.books, service=service.name, key=key, kept=kept)


async def _run(service: Service, settings: Settings, kept: Sequence[Kept]) -> tuple[list[str], list[str]]:
    """What is as it was written, and what is not."""
    database, client = Database.of(settings), ServiceClient(service.name, settings)
    key = Ed25519PublicKey.from_public_bytes(settings.service_keys[service.name])
    await database.open()
    try:
        found = await log_findings(service, database, key, kept)
        found += await handled_findings(service, database, client)
        books = await walked(service, database, key, kept)
    finally:
        await client.close()
        await database.close()
    found += [finding for one in books for finding in one.first]
    return [_counted(one) for one in books if not one.first], [str(one) for one in found]


def _counted(one: Walked) -> str:
    kept = {0: "", 1: ", 1 kept head holds"}.get(one.kept, f", {one.kept} kept heads hold")
    return f"{one.chain}: {one.rows} rows, {one.erased} erased, {one.waiting} not yet bound{kept}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("--head", type=Path, help="an answer of /ledger/head that was kept")
    wanted = parser.parse_args()
    try:
        kept = kept_in(wanted.head) if wanted.head else ()
    except (NotACheckpoint, OSError) as error:
        sys.exit(f"{wanted.head}: {error.__doc__ if isinstance(error, NotACheckpoint) else error.strerror}")
    service: Service = importlib.import_module(f"services.{wanted.service}.main").SERVICE
    good, bad = asyncio.run(_run(service, Settings(), kept))
    sys.stdout.writelines(f"{service.name}: {line}.\n" for line in good)
    if bad:
        sys.exit("\n".join(f"{service.name}: {line}." for line in bad))
    sys.stdout.write(f"{service.name}: all is as it was written.\n")


if __name__ == "__main__":
    main()
