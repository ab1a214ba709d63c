"""Mend a log that PostgreSQL was restored too old for, or a stream with an entry that is nobody's.

``python -m shared.recover SERVICE``, with the service's environment, but the
operator's own Redis login.  What the stream can prove is taken back into the
log; what listeners have handled and nobody can prove any more is filled with
signed void rows, loudly and never silently; a stream that lies is deleted, and
the relay copies it anew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from redis.asyncio import Redis

from . import chain, log, verify
from .actor import service_actor
from .clients import ServiceClient
from .database import Connection, Database
from .demo import RECORDS
from .envelope import Row, instant
from .events import LogVoid
from .ids import new_id
from .position import Position
from .settings import Settings
from .streams import connect, last_entry, last_generated, row_of

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done: rows taken back, numbers voided, and whether the stream was deleted."""

    taken_back: int
    voided: int
    stream_deleted: bool


async def recover(
    teller: log.Teller, database: Database, redis: Redis, furthest: Callable[[], Awaitable[int]]
) -> Recovered:
    """Make log, stream and positions agree again; ``furthest``: the last number any listener handled."""
    async with database.connection() as sql:
        await log.lock(sql)
        tail = await _provable_tail(redis, teller, await log.head(sql))
        await _take_back(sql, tail)
        head = await log.head(sql)
        voids = _voids(teller, head, await furthest())
        await log.append(sql, voids)
        ahead = await _lies(redis, teller, sql)
    if ahead or voids:
        await redis.unlink(teller.stream)
    return Recovered(len(tail), len(voids), bool(ahead or voids))


async def _provable_tail(redis: Redis, teller: log.Teller, head: log.LogHead) -> Sequence[Row]:
    rows: list[Row] = []
    after = head.seq
    while entries := await redis.xrange(teller.stream, min=f"({after}-0", count=PAGE) or []:
        found = [row_of(fields or {}) for _, fields in entries]
        rows += [row for row in found if row is not None]
        if None in found or rows[-1].seq == after:
            break
        after = rows[-1].seq
    return _longest_proven(rows, teller, head)


def _longest_proven(rows: Sequence[Row], teller: log.Teller, head: log.LogHead) -> Sequence[Row]:
    key, at = teller.key.public_key(), Position(head.seq, head.hash)
    for length in range(len(rows), 0, -1):
        if rows[length - 1].signature is None:
            continue
        proven = verify.proven(rows[:length], at, key, teller.stream)
        if proven:
            return proven
    return ()


async def _take_back(sql: Connection, tail: Sequence[Row]) -> None:
    await log.append(sql, tail)
    known = [row.event_id for row in tail]
    await sql.execute("delete from untold where event_id = any(%s)", [known])


def _voids(teller: log.Teller, head: log.LogHead, furthest: int) -> list[Row]:
    rows: list[Row] = []
    at = replace(head, epoch=head.epoch + 1)
    while at.seq < furthest:
        rows.append(_void(teller, at))
        at = log.LogHead(rows[-1].seq, rows[-1].hash, at.epoch)
    return rows


def _void(teller: log.Teller, after: log.LogHead) -> Row:
    event = LogVoid(stream_id=uuid5(NAMESPACE_URL, teller.stream))
    salt, event_id, seq = os.urandom(16), new_id(), after.seq + 1
    content = {
        **dict.fromkeys(chain.DIGESTED),
        "type": event.type,
        "subject": str(event.stream_id),
        "time": instant(datetime.now(UTC)),
        "actor": str(service_actor(teller.name)),
        "correlationid": str(event_id),
        "body": event.model_dump(mode="json"),
    }
    digest = chain.digest_of(salt, content)
    row_hash = chain.hash_of(after.hash, seq, event_id, digest)
    head = chain.Head(stream=teller.stream, epoch=after.epoch, seq=seq, hash=row_hash)
    return Row(seq, after.epoch, event_id, content, salt, digest, row_hash, head.signed(teller.key))


async def _lies(redis: Redis, teller: log.Teller, sql: Connection) -> bool:
    """Whether the stream still ends with something that the log does not have."""
    head = await log.head(sql)
    if await last_generated(redis, teller.stream) > head.seq:
        return True
    entry = await last_entry(redis, teller.stream)
    if entry is None:
        return False
    logged = await log.read(sql, after=entry[0] - 1, limit=1)
    return entry[1] is None or [row.hash for row in logged] != [entry[1].hash]


async def furthest_position(client: ServiceClient, stream: str) -> int:
    """The last number of a stream that any listener has handled."""
    standings = [await client.get(service, "/positions") for service in RECORDS]
    return max((one["positions"].get(stream, {"seq": 0})["seq"] for one in standings), default=0)


async def run(settings: Settings, name: str) -> Recovered:
    """Recover the service whose environment this is."""
    seed = settings.service_key.get_secret_value()
    teller = log.Teller(name, Ed25519PrivateKey.from_private_bytes(seed))
    client, database = ServiceClient(name, settings), Database.of(settings)
    redis = connect(settings.redis_url)
    await database.open()
    try:
        return await recover(teller, database, redis, lambda: furthest_position(client, teller.stream))
    finally:
        await redis.aclose()
        await client.close()
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    done = asyncio.run(run(Settings(), parser.parse_args().service))
    deleted = "deleted and will be copied anew" if done.stream_deleted else "kept"
    sys.stdout.write(f"{done.taken_back} taken back, {done.voided} voided, stream {deleted}.\n")


if __name__ == "__main__":
    main()
