"""Hops: telemetry of what was handled where and when.  They may be lost; the truth is ``/positions``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from redis.asyncio import Redis
from redis.exceptions import RedisError

from .envelope import instant
from .tasks import go_on

STREAM = "hops"
KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Hop:
    """One service handled one stretch of a stream at a time, but for the parked numbers."""

    service: str
    stream: str
    first_seq: int
    last_seq: int
    at: datetime
    parked: tuple[int, ...] = ()

    def fields(self) -> dict[str, str]:
        """The hop as an entry of the stream ``hops``."""
        return {
            "service": self.service,
            "stream": self.stream,
            "first_seq": str(self.first_seq),
            "last_seq": str(self.last_seq),
            "at": instant(self.at),
            "parked": json.dumps(self.parked),
        }


def hop_of(fields: Mapping[bytes, bytes]) -> Hop | None:
    """The hop in an entry, or ``None`` for anything else."""
    try:
        return Hop(
            fields[b"service"].decode(),
            fields[b"stream"].decode(),
            int(fields[b"first_seq"]),
            int(fields[b"last_seq"]),
            datetime.fromisoformat(fields[b"at"].decode()),
            tuple(json.loads(fields[b"parked"])),
        )
    except (KeyError, TypeError, ValueError):
        return None


class Hops:
    """Writes hops in the background, so that delivery never waits for its own telemetry."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queue: asyncio.Queue[Hop] = asyncio.Queue(maxsize=1000)

    def tell(self, hop: Hop) -> None:
        """Remember a hop to be written; dropped when a thousand wait already."""
        with suppress(asyncio.QueueFull):
            self._queue.put_nowait(hop)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            go_on()
            hop = await self._queue.get()
            with suppress(RedisError, OSError):
                await self._redis.xadd(STREAM, hop.fields(), maxlen=KEPT, approximate=True)  # type: ignore[arg-type]
