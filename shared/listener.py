"""The listener: one effect per event and service, in the teller's order, whatever breaks.

It reads from its own position, which moves in the same transaction as the
effects.  The stream only wakes it: what the stream lacks, or tells falsely, is
asked of the teller's ``/log``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import position, verify
from .envelope import Row
from .faults import code_of, is_ours
from .handling import BATCH, Handler
from .position import Position
from .tasks import go_on

PAGE = 1000
"""The most rows asked of ``/log`` at once: two of the relay's rounds, so that a signed one is among them."""

REST_S = 0.025
"""The longest rest after a batch that was not full."""

_log = structlog.get_logger(__name__)


def rest(count: int, took: float, least: float = 0) -> float:
    """Seconds to rest after a batch: half of the time at most, so that batches fill, and only under load.

    ``least``: seconds to rest all the same, for one whom nobody waits for.
    """
    return max(least, min(REST_S, took)) if count < BATCH else 0


@dataclass(slots=True, kw_only=True)
class Listener:
    """One service's ear for one teller's stream."""

    handler: Handler
    key: Ed25519PublicKey
    read_log: Callable[[int, int], Awaitable[list[Row]]]
    leisure: float = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    trouble: str | None = None
    heard_at: float = 0.0
    _waiting: Sequence[Row] = ()

    @property
    def stream(self) -> str:
        return self.handler.stream

    @property
    def ready(self) -> bool:
        return self.trouble is None and self.handler.stopped is None

    async def hear(self, rows: Sequence[Row]) -> None:
        """Handle what the stream brought; never raises for a fault of the machines, but waits it out."""
        loop = asyncio.get_running_loop()
        self.heard_at = loop.time()
        await self._patiently(lambda: self._hear(rows))
        await asyncio.sleep(rest(len(rows), loop.time() - self.heard_at, self.leisure))

    async def ask(self) -> None:
        """Handle what the teller's log has above the position, without any stream."""
        await self._patiently(self._ask)

    async def redrive(self) -> None:
        """Try again what is parked and due."""
        await self._patiently(self.handler.redrive_due)

    async def _patiently(self, step: Callable[[], Awaitable[None]]) -> None:
        pause = 0.1
        while self.handler.stopped is None:
            go_on()
            try:
                async with self.turn:
                    await step()
            except Exception as error:
                if not is_ours(error):
                    raise
                self.trouble = code_of(error)
                _log.warning("listener.waits", stream=self.stream, error=self.trouble)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            else:
                self.trouble = None
                return

    async def _hear(self, rows: Sequence[Row]) -> None:
        waiting = self._still_waiting()
        tip = Position(waiting[-1].seq, waiting[-1].hash) if waiting else self.handler.position
        fresh = {row.seq: row for row in rows if row.seq > tip.seq}
        ordered = [fresh[seq] for seq in sorted(fresh)]
        signed = verify.chained(ordered, tip, self.key, self.stream)
        if signed is None:
            _log.warning("listener.asks_the_log", stream=self.stream, after=tip.seq)
            self._waiting = ()
            await self._ask()
        elif signed == 0:
            self._waiting = (*waiting, *ordered)
        else:
            self._waiting = ordered[signed:]
            await self.handler.take((*waiting, *ordered[:signed]))

    def _still_waiting(self) -> Sequence[Row]:
        """The rows after the position that no signed head vouches for yet; none if it went elsewhere."""
        if self._waiting and self._waiting[0].seq != self.handler.position.seq + 1:
            self._waiting = ()
        return self._waiting

    async def _ask(self) -> None:
        await self.handler.look()
        more = True
        while more and self.handler.stopped is None:
            rows = await self.read_log(max(self.handler.position.seq - 1, 0), PAGE)
            if await self._stands(rows):
                await self._take_above(rows)
            more = len(rows) == PAGE

    async def _take_above(self, rows: Sequence[Row]) -> None:
        at = self.handler.position
        proven = verify.proven([row for row in rows if row.seq > at.seq], at, self.key, self.stream)
        if proven is None:
            self.handler.stop(f"{self.stream}: the log does not follow from {at.seq}")
        else:
            await self.handler.take(proven)

    async def _stands(self, rows: Sequence[Row]) -> bool:
        """Whether the log still holds the row we stand on; a fork is never silent."""
        at = self.handler.position
        if at.seq == 0:
            return True
        if not rows or rows[0].seq != at.seq:
            raise verify.TellerBehind
        if rows[0].hash == at.hash:
            return True
        if verify.is_signed_void(rows[0], self.key, self.stream):
            await self._rebase(rows[0])
            return True
        self.handler.stop(f"{self.stream}: the log forks at {at.seq}")
        return False

    async def _rebase(self, void: Row) -> None:
        _log.critical("listener.rebased", stream=self.stream, seq=void.seq)
        async with self.handler.database.connection() as sql:
            await position.rebase(sql, self.stream, void)
        self.handler.position = Position(void.seq, void.hash)
