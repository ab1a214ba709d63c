"""New notices to open pages: one poll of the live list for each process, for all its connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol
from uuid import UUID

import psycopg
import structlog
from anyio import BrokenResourceError, ClosedResourceError, WouldBlock, create_memory_object_stream

from shared.actor import Actor
from shared.database import Database
from shared.faults import code_of, is_ours

from . import queries
from .queries import LiveNotice
from .stopping import heard_at_shutdown

EVERY_S = 0.2
POLL = "notifications.live"
PAGE = 500
BACKLOG = 1000
"""The most notices that wait for one slow page; its stream then ends, and it asks for what it missed."""

_log = structlog.get_logger(__name__)


class LiveList(Protocol):
    """Where the live list is read."""

    async def head(self) -> int: ...
    async def after(self, position: int, *, limit: int) -> Sequence[LiveNotice]: ...
    async def latest(self, reader: Actor) -> UUID: ...
    async def missed(self, reader: Actor, *, last_seen: UUID) -> Sequence[LiveNotice]: ...


class LiveTable:
    """The live list in the record; each look is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def head(self) -> int:
        async with self._database.connection() as sql:
            return await queries.head(sql)

    async def after(self, position: int, *, limit: int) -> Sequence[LiveNotice]:
        async with self._database.connection() as sql:
            return await queries.live_after(sql, position, limit=limit)

    async def latest(self, reader: Actor) -> UUID:
        async with self._database.connection() as sql:
            return await queries.latest(sql, reader)

    async def missed(self, reader: Actor, *, last_seen: UUID) -> Sequence[LiveNotice]:
        async with self._database.connection() as sql:
            return await queries.missed(sql, reader, last_seen=last_seen)


class Subscription:
    """One open page's notices, in order; ends when the process stops or the page is too slow.

    ``since`` is the last notice seen before it began, for a page that comes back having got none.
    """

    def __init__(self, reader: Actor) -> None:
        self.since = queries.NONE
        self.missed: Sequence[LiveNotice] = ()
        self._reader = reader
        self._offers, self._offered = create_memory_object_stream[LiveNotice](BACKLOG)

    def offer(self, notice: LiveNotice) -> None:
        """Hand a notice over if it is the reader's; a page too slow to take it is ended."""
        if not notice.is_for(self._reader):
            return
        try:
            self._offers.send_nowait(notice)
        except (WouldBlock, ClosedResourceError, BrokenResourceError):
            self.end()

    def end(self) -> None:
        """Let the page have what waits for it, and then no more."""
        self._offers.close()

    def close(self) -> None:
        self._offers.close()
        self._offered.close()

    async def __aiter__(self) -> AsyncIterator[LiveNotice]:
        last = 0
        for notice in self.missed:
            yield notice
            last = notice.position
        async for notice in self._offered:
            if notice.position > last:
                yield notice


class Live:
    """The open pages of one process, and the poll that runs while there are any."""

    def __init__(self, live_list: LiveList) -> None:
        self._list = live_list
        self._open: set[Subscription] = set()
        self._door = asyncio.Lock()
        self._polling: asyncio.Task[None] | None = None
        self._seen = 0

    @asynccontextmanager
    async def subscribed(self, reader: Actor, *, last_seen: UUID | None) -> AsyncIterator[Subscription]:
        """The reader's notices from now on, after those that she missed since ``last_seen``."""
        subscription = Subscription(reader)
        try:
            await self._join(subscription)
            await self._look_back(subscription, reader, last_seen)
            yield subscription
        finally:
            self._leave(subscription)

    async def _join(self, subscription: Subscription) -> None:
        async with self._door:
            if self._polling is None or self._polling.done() or not self._open:
                await self._begin_anew(self._polling)
            self._open.add(subscription)

    async def _begin_anew(self, before: asyncio.Task[None] | None) -> None:
        # The poll before has let go of the signals, and has ended only its own pages.
        if before is not None:
            await asyncio.wait([before])
        self._seen = await self._list.head()
        self._polling = asyncio.create_task(self._poll(), name=POLL)

    async def _look_back(self, subscription: Subscription, reader: Actor, last_seen: UUID | None) -> None:
        # Only now that new notices are being taken down, so that none falls between.
        if last_seen is None:
            subscription.since = await self._list.latest(reader)
        else:
            subscription.since = last_seen
            subscription.missed = await self._list.missed(reader, last_seen=last_seen)

    def _leave(self, subscription: Subscription) -> None:
        self._open.discard(subscription)
        subscription.close()
        if self._polling is not None and not self._open:
            self._polling.cancel()

    async def _poll(self) -> None:
        try:
            with heard_at_shutdown(self._end):
                # Not for ever: a cancellation that meets the end of a wait in the pool can be lost.
                while self._open:
                    await self._hand_out()
        finally:
            self._end()

    async def _hand_out(self) -> None:
        """Give out one page; a database that is away is waited for, the pages stay open."""
        rows: Sequence[LiveNotice] = ()
        try:
            rows = await self._list.after(self._seen, limit=PAGE)
        except psycopg.Error as error:
            if not is_ours(error):
                raise
            _log.warning("live.waits", error=code_of(error))
        for row in rows:
            self._seen = row.position
            for subscription in self._open:
                subscription.offer(row)
        if len(rows) < PAGE:
            await asyncio.sleep(EVERY_S)

    def _end(self) -> None:
        for subscription in self._open:
            subscription.end()
