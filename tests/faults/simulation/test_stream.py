"""The simulation's model of the streams' server answers the relay as the real server does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from shared import streams
from tests.servers import Servers

from .stream import Streams

NAME = "events:modelled"


@pytest.fixture(params=["model", "server"])
async def redis(request: pytest.FixtureRequest, servers: Servers) -> AsyncIterator[Redis]:
    """The model, and then the server, with no such stream."""
    if request.param == "model":
        yield cast("Redis", Streams())
        return
    async with streams.connect(servers.redis.url) as server:
        await server.delete(NAME)
        yield server
        await server.delete(NAME)


async def add(redis: Redis, *numbers: int) -> None:
    entries = [(number, "pledge.signed.v1", b'{"seq":%d}' % number) for number in numbers]
    await streams.add(redis, NAME, entries)


async def last(redis: Redis) -> tuple[int, int | None]:
    """The last generated number, and the last entry's."""
    entry = await streams.last_entry(redis, NAME)
    return await streams.last_generated(redis, NAME), entry[0] if entry else None


async def test_a_stream_that_is_not_there_has_no_number(redis: Redis) -> None:
    assert await last(redis) == (0, None)


async def test_a_number_is_taken_once_and_never_after_a_higher(redis: Redis) -> None:
    await add(redis, 1, 2, 5)
    await add(redis, 2, 3, 6)

    assert await last(redis) == (6, 6)


async def test_a_number_outlives_its_entry(redis: Redis) -> None:
    await add(redis, 1, 2)

    if isinstance(model := cast("Any", redis), Streams):
        del model[NAME].entries[2]
    else:
        await redis.xdel(NAME, "2-0")

    assert await last(redis) == (2, 1)


async def test_a_deleted_stream_begins_anew(redis: Redis) -> None:
    await add(redis, 7)

    if isinstance(model := cast("Any", redis), Streams):
        model.delete(NAME)
    else:
        await redis.delete(NAME)
    await add(redis, 3)

    assert await last(redis) == (3, 3)
