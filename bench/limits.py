"""What the servers alone can do: the limits that the figures stand beside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from redis.asyncio import Redis

from deploy.embedded import Servers
from shared.ids import new_id

STREAM = "bench"
LANES = 8
COMMITS, SINGLES, PIPELINED, PATHS = 1600, 1000, 20_000, 200
PIPE = 500

_TABLES = """
create table if not exists bench_limit (id uuid primary key, body text not null);
truncate bench_limit;
"""
_INSERT = "insert into bench_limit values (%s, %s)"
BODY = "x" * 400
"""About as long as an event."""

Sql = psycopg.AsyncConnection[Any]


async def measured(servers: Servers) -> dict[str, float]:
    """Two-insert commits and entries a second, and the bare path's milliseconds, by name."""
    url = servers.postgres.url
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(_TABLES)
    redis = Redis.from_url(servers.redis.url)
    try:
        await redis.delete(STREAM)
        return {
            "commits": COMMITS / await _timed(_commit_all, url),
            "xadd": SINGLES / await _timed(_add_singly, redis),
            "xadd_pipelined": PIPELINED / await _timed(_add_pipelined, redis),
            **await _bare_path(url, redis),
        }
    finally:
        await redis.delete(STREAM)
        await redis.aclose()


async def _timed(work: Callable[[Any], Awaitable[None]], on: Any) -> float:
    began = time.perf_counter()
    await work(on)
    return time.perf_counter() - began


async def _commit_all(url: str) -> None:
    numbers = iter(range(COMMITS))

    async def lane() -> None:
        async with await psycopg.AsyncConnection.connect(url) as sql:
            for _ in numbers:
                await _commit(sql, 2)

    await asyncio.gather(*(lane() for _ in range(LANES)))


async def _commit(sql: Sql, inserts: int) -> None:
    for _ in range(inserts):
        await sql.execute(_INSERT, [new_id(), BODY])
    await sql.commit()


async def _add_singly(redis: Redis) -> None:
    for _ in range(SINGLES):
        await redis.xadd(STREAM, {"body": BODY})


async def _add_pipelined(redis: Redis) -> None:
    for _ in range(PIPELINED // PIPE):
        pipe = redis.pipeline(transaction=False)
        for _ in range(PIPE):
            pipe.xadd(STREAM, {"body": BODY})
        await pipe.execute()


async def _bare_path(url: str, redis: Redis) -> dict[str, float]:
    """From one commit to another by way of a stream, all in one process and nothing else."""
    await redis.delete(STREAM)
    async with (
        await psycopg.AsyncConnection.connect(url) as teller,
        await psycopg.AsyncConnection.connect(url) as hearer,
    ):
        took = []
        for number in range(1, PATHS + 1):
            await _commit(teller, 1)
            began = time.perf_counter()
            await redis.xadd(STREAM, {"body": BODY}, id=f"{number}-0")
            await redis.xread({STREAM: f"{number - 1}-0"}, block=1000)
            await _commit(hearer, 1)
            took.append((time.perf_counter() - began) * 1000)
    return {f"path_p{part}": percentile(took, part) for part in (50, 99)}


def percentile(values: list[float], part: int) -> float:
    """The value below which so many in a hundred are."""
    return sorted(values)[min(len(values) - 1, len(values) * part // 100)]
