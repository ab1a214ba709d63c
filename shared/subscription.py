"""FastStream's part: reading the streams in batches, from the listener's own position, without a group."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import psycopg
import structlog
from faststream import Context
from faststream.redis import RedisBroker, StreamSub
from faststream.redis.message import FAKE_CONSUMER, RedisBatchStreamMessage
from faststream.redis.prometheus import RedisPrometheusMiddleware
from faststream.redis.subscriber.usecases.stream_subscriber import StreamBatchSubscriber
from prometheus_client import CollectorRegistry
from redis.exceptions import RedisError

from . import hops
from .actor import service_actor
from .database import Database
from .faults import code_of
from .handling import BATCH
from .hops import Hop
from .listener import Listener
from .service import KeepHops
from .streams import CONNECTION, row_of
from .tasks import go_on

POLL_MS = 1000
IDLE_S = 5.0
"""Without a batch for so long the log is asked all the same."""

AGAIN_S = 1.0
HOPS_S = 0.5
"""Seconds between reads of the hops, so that a read brings many."""

LOOK_BACK_MS = 600_000
"""How far back a fresh worker reads hops; they are telemetry, and kept once however often they come."""

_log = structlog.get_logger(__name__)

# A fetch that fails is told by our own lines; FastStream adds a traceback every five seconds.
_quiet = logging.getLogger("faststream")
_quiet.setLevel(logging.CRITICAL)

Message = Annotated[RedisBatchStreamMessage, Context("message")]


async def _raw(message: Mapping[str, Any]) -> RedisBatchStreamMessage:
    """FastStream's message without its body decoded: the listener judges every entry itself."""
    return RedisBatchStreamMessage(raw_message=message, body=b"", consumer=FAKE_CONSUMER, group=None)


async def _undecoded(_: RedisBatchStreamMessage) -> None:
    return None


class Ears:
    """The broker of one worker, with a subscriber for each stream that it hears."""

    def __init__(self, redis_url: str, registry: CollectorRegistry) -> None:
        metrics = RedisPrometheusMiddleware(registry=registry)
        self._broker = RedisBroker(
            redis_url, logger=_quiet, middlewares=[metrics], parser=_raw, decoder=_undecoded, **CONNECTION
        )

    async def close(self) -> None:
        await self._broker.stop()

    async def hear(self, listener: Listener) -> None:
        """Bring a listener what its stream has above its position, for as long as it runs."""
        subscriber = self._subscriber(listener.stream, f"{listener.handler.position.seq}-0")

        @subscriber
        async def bring(message: Message) -> None:
            rows = [row_of(entry) for entry in message.raw_message["data"]]
            known = [row for row in rows if row is not None]
            if len(known) < len(rows):
                _log.critical("listener.stray_entry", stream=listener.stream)
            await listener.hear(known)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._started(subscriber))
            tasks.create_task(_ask_when_idle(subscriber, listener))

    async def hear_hops(self, keep: KeepHops, database: Database, service: str) -> None:
        """Keep the hops that come, from ten minutes ago on."""
        since = int(time.time() * 1000) - LOOK_BACK_MS
        subscriber = self._subscriber(hops.STREAM, f"{since}-0")

        @subscriber
        async def bring(message: Message) -> None:
            came = [hop for entry in message.raw_message["data"] if (hop := hops.hop_of(entry)) is not None]
            await _kept(keep, database, service, came)
            await asyncio.sleep(HOPS_S)

        await self._started(subscriber)

    async def _started(self, subscriber: StreamBatchSubscriber) -> None:
        """Start reading as soon as the stream's server answers."""
        while True:
            go_on()
            try:
                await self._broker.connect()
                return await subscriber.start()
            except (RedisError, OSError, TimeoutError) as error:
                _log.warning("subscription.waits", error=code_of(error))
                await subscriber.stop()
                await asyncio.sleep(AGAIN_S)

    def _subscriber(self, stream: str, last_id: str) -> StreamBatchSubscriber:
        source = StreamSub(stream, last_id=last_id, batch=True, max_records=BATCH, polling_interval=POLL_MS)
        return self._broker.subscriber(stream=source, persistent=False)


async def _ask_when_idle(subscriber: StreamBatchSubscriber, listener: Listener) -> None:
    """No batch for a while: ask the log all the same, and read the stream from where that led."""
    loop = asyncio.get_running_loop()
    while True:
        go_on()
        if loop.time() - listener.heard_at >= IDLE_S:
            await listener.ask()
            subscriber.last_id = f"{listener.handler.position.seq}-0"
            listener.heard_at = loop.time()
        await asyncio.sleep(min(1.0, IDLE_S))


async def _kept(keep: KeepHops, database: Database, service: str, came: Sequence[Hop]) -> None:
    """Telemetry is worth one try."""
    try:
        async with database.transaction(service_actor(service)) as tx:
            await keep(tx, came)
    except psycopg.Error as error:
        _log.warning("hops.lost", error=code_of(error))
