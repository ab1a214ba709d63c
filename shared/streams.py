"""Looking at a Redis stream whose ids are the log's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any, cast

from pydantic_core import from_json
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.backoff import ExponentialBackoff
from redis.exceptions import BusyLoadingError, ReadOnlyError, ResponseError
from redis.retry import Retry

from .envelope import Row

CONNECTION: Mapping[str, Any] = {
    "retry": Retry(ExponentialBackoff(cap=1, base=0.05), 3),
    "retry_on_error": [ReadOnlyError, BusyLoadingError],
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
}


def connect(url: str) -> Redis:
    """A client that retries a little and connects when first used."""
    return Redis.from_url(url, **CONNECTION)


async def last_generated(redis: Redis, stream: str) -> int:
    """The number of the stream's last generated id; only "no such key" means 0."""
    try:
        info = cast("Mapping[str, Any]", await redis.xinfo_stream(stream))
    except ResponseError as error:
        if "no such key" in str(error).lower():
            return 0
        raise
    return number_of(info["last-generated-id"])


async def last_entry(redis: Redis, stream: str) -> tuple[int, Row | None] | None:
    """The last entry's number and row (``None`` if it carries none); ``None`` if the stream is empty."""
    entries = cast("Sequence[tuple[bytes, Mapping[bytes, bytes]]]", await redis.xrevrange(stream, count=1))
    if not entries:
        return None
    entry_id, fields = entries[0]
    return number_of(entry_id), row_of(fields)


async def add(redis: Redis, stream: str, entries: Sequence[tuple[int, str, bytes]]) -> None:
    """Add entries (number, type and JSON) that the stream may have already; the caller limits the time.

    redis-py's own pipeline sets a timer for each answer.
    """
    pool = redis.connection_pool
    connection: AbstractConnection = await pool.get_connection()  # type: ignore[no-untyped-call]
    try:
        await connection.send_packed_command(connection.pack_commands(_xadd(stream, *one) for one in entries))
        answers = [await _answer(connection) for _ in entries]
    finally:
        await pool.release(connection)
    for answer in answers:
        if answer is not None and "equal or smaller" not in str(answer):
            raise answer


def _xadd(stream: str, seq: int, kind: str, said: bytes) -> tuple[str | bytes, ...]:
    return ("XADD", stream, f"{seq}-0", "type", kind, "__data__", said)


async def _answer(connection: AbstractConnection) -> ResponseError | None:
    """An entry's refusal; each answer is read, or the next command would be given this one's."""
    try:
        await connection.read_response(timeout=inf)
    except ResponseError as refusal:
        return refusal
    return None


def number_of(entry_id: bytes | str) -> int:
    """The log's number in an entry's id."""
    text = entry_id.decode() if isinstance(entry_id, bytes) else entry_id
    return int(text.partition("-")[0])


def row_of(fields: Mapping[Any, Any]) -> Row | None:
    """The row that an entry carries, or ``None`` for anything that is none."""
    try:
        return Row.from_wire(from_json(fields[b"__data__"]))
    except (KeyError, TypeError, ValueError):
        return None
