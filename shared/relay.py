"""The relay: number what was told, then copy the log to the stream.

Every worker of a telling service runs one.  There is no leader: the numbering
is under a transaction lock, and the server refuses an entry that is already
there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from . import crash, log
from .database import Connection, Database
from .envelope import Row
from .faults import code_of, is_ours
from .streams import add, last_entry, last_generated
from .tasks import go_on

IDLE_S = 0.025
"""The longest wait between looks at ``untold``."""

OF_SILENCE = 8
"""Else the wait is this part of the time since something was last told: who told a moment ago tells again."""

STREAM_S = 10.0
"""A stream that has not answered for so long is away."""

AWAY_S, STOPPED_S = 0.5, 2.0
"""Seconds to wait when the stream is away, and when it is ahead."""

LOOK_S = 1.0
"""Seconds between looks at the stream while there is nothing to copy: how late a loss is noticed."""

REFILL = 50_000
"""The most rows that are copied again after a loss."""

KEPT_MS = 7 * 24 * 3600 * 1000
PAGE = 1000

AWAY = (RedisError, OSError)
"""What it is like when the stream is away; a time that has run out is an ``OSError`` too."""

_log = structlog.get_logger(__name__)


class StreamAhead(Exception):  # noqa: N818 - a state that stops the relay, named as an operator would
    """The stream has an entry that the log does not know: see ``dev.py recover``."""


def pause(took: float, silence: float, least: float = 0) -> float:
    """Seconds until the next look: as long as the last one took, or longer when nothing was told for long.

    ``least``: seconds to wait all the same, where nobody waits for what is told.
    """
    return max(least, min(IDLE_S, max(took, silence / OF_SILENCE)))


class Relay:
    """Numbers and copies one service's log for as long as it runs."""

    def __init__(self, teller: log.Teller, database: Database, redis: Redis, leisure: float = 0) -> None:
        self.teller, self._database, self._redis, self._leisure = teller, database, redis, leisure
        self.stopped: str | None = None
        self._copied: int | None = None
        self._numbered = 0
        self._redis_rests_until = self._looks_at = self._told_at = 0.0

    async def run(self) -> None:
        """Run until cancelled; a fault of the machines is waited out.

        A stream ahead of the log stops the numbering until ``dev.py recover`` has mended it.
        """
        while True:
            go_on()
            began = asyncio.get_running_loop().time()
            try:
                pause = self._pause(began, busy=await self.once())
                self.stopped = None
            except StreamAhead as ahead:
                pause = self._stop(ahead)
            except Exception as error:
                if not is_ours(error):
                    raise
                _log.warning("relay.waits", error=code_of(error))
                pause = AWAY_S
            await asyncio.sleep(pause)

    def _pause(self, began: float, *, busy: bool) -> float:
        now = asyncio.get_running_loop().time()
        if busy:
            self._told_at = now
        return pause(now - began, now - self._told_at, self._leisure)

    def _stop(self, ahead: StreamAhead) -> float:
        if self.stopped is None:
            _log.critical("relay.stopped", stream=self.teller.stream, reason=str(ahead))
        self.stopped = str(ahead)
        return STOPPED_S

    async def once(self) -> bool:
        """One round; whether there was anything to do.  Raises ``StreamAhead``."""
        behind = await self._behind()
        if not behind and asyncio.get_running_loop().time() < self._looks_at:
            return False
        self._looks_at = asyncio.get_running_loop().time() + LOOK_S
        last = await self._last_in_stream()
        if not behind and last in {None, self._copied}:
            return False
        async with self._database.pipelined() as sql:
            await log.lock(sql)
            before, taken = await log.take(sql)
            self._refuse_older(before)
            await self._refuse_ahead(sql, last, before)
            rows = await log.number(sql, self.teller, before, taken)
            crash.point("relay.before_commit")
        self._numbered = before.seq + len(rows)
        crash.point("relay.numbered")
        if last is not None:
            await self._copy(last, before, rows)
        return bool(rows)

    async def _behind(self) -> bool:
        """Whether anything is untold, or told and not copied; one cheap look without a lock."""
        query = "select exists (select from untold) as untold, coalesce(max(seq), 0) as head from log"
        async with self._database.glance() as sql:
            row = await (await sql.execute(query)).fetchone()
        assert row is not None  # noqa: S101 - an aggregate always gives a row
        return bool(row["untold"]) or self._copied not in {None, row["head"]}

    async def _last_in_stream(self) -> int | None:
        """The stream's last generated number, or ``None`` while Redis is away."""
        if asyncio.get_running_loop().time() < self._redis_rests_until:
            return None
        try:
            async with asyncio.timeout(STREAM_S):
                return await last_generated(self._redis, self.teller.stream)
        except AWAY as error:
            self._rest(error)
            return None

    def _rest(self, error: Exception) -> None:
        _log.warning("relay.stream_away", stream=self.teller.stream, error=code_of(error))
        self._redis_rests_until = asyncio.get_running_loop().time() + AWAY_S
        self._copied = None

    def _refuse_older(self, head: log.LogHead) -> None:
        """Stop if the log has become shorter than this relay made it: PostgreSQL was restored too old."""
        if head.seq < self._numbered:
            msg = f"the log ends at {head.seq}, and had {self._numbered}"
            raise StreamAhead(msg)

    async def _refuse_ahead(self, sql: Connection, last: int | None, head: log.LogHead) -> None:
        """Stop before numbering if the stream and the log tell different stories."""
        if last is None or last == self._copied:
            return
        if last > head.seq:
            msg = f"{self.teller.stream} ends at {last}, the log at {head.seq}"
            raise StreamAhead(msg)
        async with asyncio.timeout(STREAM_S):
            entry = await last_entry(self._redis, self.teller.stream)
        if entry is not None and not await self._is_logged(sql, *entry):
            msg = f"{self.teller.stream} differs from the log at {entry[0]}"
            raise StreamAhead(msg)

    async def _is_logged(self, sql: Connection, seq: int, entry: Row | None) -> bool:
        logged = await log.read(sql, after=seq - 1, limit=1)
        return entry is not None and [row.hash for row in logged] == [entry.hash]

    async def _copy(self, last: int, before: log.LogHead, rows: Sequence[Row]) -> None:
        try:
            if last == before.seq:
                await self._add(rows)
            else:
                await self._refill(last, before.seq + len(rows))
            self._copied = before.seq + len(rows)
        except AWAY as error:
            self._rest(error)

    async def _refill(self, last: int, head: int) -> None:
        after = max(last, head - REFILL)
        _log.info("relay.refills", stream=self.teller.stream, after=after, head=head)
        while after < head:
            async with self._database.glance() as sql:
                rows = await log.read(sql, after=after, limit=PAGE)
            await self._add(rows)
            after = rows[-1].seq

    async def _add(self, rows: Sequence[Row]) -> None:
        entries = [(row.seq, row.content["type"], row.wire(self.teller.source)) for row in rows]
        crash.point("relay.before_copy")
        async with asyncio.timeout(STREAM_S):
            await add(self._redis, self.teller.stream, entries)
        crash.point("relay.copied")

    async def trim(self) -> None:
        """Drop entries older than seven days, by the age of the rows; the log keeps them."""
        query = "select max(seq) as seq from log where time < clock_timestamp() - %s * interval '1 ms'"
        async with self._database.connection() as sql:
            row = await (await sql.execute(query, [KEPT_MS])).fetchone()
        if row and row["seq"]:
            await self._redis.xtrim(self.teller.stream, minid=f"{row['seq'] + 1}-0", approximate=False)
