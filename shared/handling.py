"""Handling rows: effects, parked events and the position, in one commit."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog

from . import crash, parking, position
from .actor import service_actor
from .database import Connection, Database, Transaction
from .envelope import Row
from .events import LogVoid
from .faults import code_of, is_ours
from .hearing import Hearing
from .hops import Hop
from .position import Position

BATCH = 200

KILLER = "KilledTheProcess"

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Step:
    """An open transaction that holds the position, and the rows it is to handle."""

    tx: Transaction
    ahead: Sequence[Row]
    blocked: set[str]
    parked: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Handler:
    """Handles one stream's proven rows for one service."""

    service: str
    stream: str
    hearing: Hearing
    database: Database
    tell_hop: Callable[[Hop], None]
    position: Position = field(default_factory=lambda: Position(0, b""))
    stopped: str | None = None
    busy_since: float | None = None
    _careful: bool = False
    _suspect: int | None = None

    async def begin(self) -> None:
        """Read the position.

        The first batch after a start is handled one by one, each try noted first: one
        of its events may be what ended the process before.
        """
        async with self.database.connection() as sql:
            self.position = await position.hold(sql, self.stream)
            await parking.hasten_types(sql, self.stream, list(self.hearing.types))
        self._suspect, self._careful = self.position.trying, True

    async def look(self) -> None:
        """Read the position again: a rebuild puts it back while the worker runs."""
        async with self.database.connection() as sql:
            self.position = await position.hold(sql, self.stream)

    def stop(self, reason: str) -> None:
        """Handle nothing more until an operator or a new release comes; loudly."""
        self.stopped = reason
        _log.critical("listener.stopped", stream=self.stream, reason=reason)

    async def take(self, rows: Sequence[Row]) -> None:
        """Handle the rows in order, in batches; raises only for the machines' faults."""
        for start in range(0, len(rows), BATCH):
            if self.stopped is None:
                await self._take_batch(rows[start : start + BATCH])

    async def _take_batch(self, rows: Sequence[Row]) -> None:
        if not self._careful:
            try:
                await self._together(rows)
            except Exception as error:
                if is_ours(error):
                    raise
                _log.warning("listener.tries_alone", stream=self.stream, error=code_of(error))
            else:
                return
        for row in rows:
            await self._alone(row)
        self._careful = False

    async def _together(self, rows: Sequence[Row]) -> None:
        with self._watched():
            async with self._step(rows) as step:
                for row in step.ahead:
                    if error := await self._react(step.tx, row, step.blocked):
                        step.blocked.add(row.content["subject"])
                        await self._park(step, row, error)

    async def _alone(self, row: Row) -> None:
        error = None
        if self._careful and row.seq > self.position.seq:
            error = await self._tried_before(row)
        try:
            await self._run_or_park(row, error)
        except Exception as fault:
            if is_ours(fault):
                raise
            await self._run_or_park(row, code_of(fault))

    async def _tried_before(self, row: Row) -> str | None:
        """Why not to run an event that was being tried alone when the process died; else note this try."""
        if self._suspect == row.seq:
            return KILLER
        async with self.database.connection() as sql:
            await position.try_alone(sql, self.stream, row.seq)
        return None

    async def _run_or_park(self, row: Row, error: str | None) -> None:
        with self._watched():
            async with self._step([row]) as step:
                if not step.ahead:
                    return
                if error is None:
                    error = await self._react(step.tx, row, step.blocked)
                if error is not None:
                    await self._park(step, row, error)

    async def _react(self, tx: Transaction, row: Row, blocked: set[str]) -> str | None:
        if row.erased or row.content["type"] == LogVoid.type:
            return None
        if row.content["subject"] in blocked:
            return parking.BEHIND
        return await self.hearing.react(tx, row, self.stream)

    async def _park(self, step: _Step, row: Row, error: str) -> None:
        alarm = _log.critical if ".withdrawn." in row.content["type"] else _log.error
        alarm("listener.parked", stream=self.stream, seq=row.seq, event_type=row.content["type"], error=error)
        step.parked.append(row.seq)
        await parking.park(step.tx.sql, self.stream, row, error)

    @asynccontextmanager
    async def _step(self, rows: Sequence[Row]) -> AsyncIterator[_Step]:
        """Hold the position, yield what is still above it, and move it in the same commit."""
        moved = None
        async with self.database.step(service_actor(self.service)) as tx:
            held = await position.hold(tx.sql, self.stream)
            crash.point("listener.holds")
            # A position that was put back (a rebuild) does not lead to these rows: the log is asked.
            follows = rows[0].seq <= held.seq + 1
            ahead = [row for row in rows if row.seq > held.seq] if follows else []
            step = _Step(tx, ahead, await self._blocked(tx.sql, held))
            yield step
            await tx.flush()
            if ahead:
                moved = await position.move(tx.sql, self.stream, ahead[-1])
            crash.point("listener.before_commit")
        if moved is None:
            self.position = held
            return
        crash.point("listener.committed")
        self.position = Position(ahead[-1].seq, ahead[-1].hash)
        await self._tell(ahead, step.parked, await position.moved_at(moved))

    async def _blocked(self, sql: Connection, held: Position) -> set[str]:
        """The subjects that have anything parked; they are asked for only when there may be any."""
        if not held.some_parked:
            return set()
        found = await parking.subjects(sql, self.stream)
        if not found:
            await position.note_none_parked(sql, self.stream)
        return found

    async def _tell(self, rows: Sequence[Row], parked: Sequence[int], at: datetime) -> None:
        self.tell_hop(Hop(self.service, self.stream, rows[0].seq, rows[-1].seq, at, tuple(parked)))
        if not parked:
            return
        async with self.database.connection() as sql:
            if await parking.too_many(sql, self.stream):
                self.stop(f"{self.stream}: {parking.MANY} subjects parked within a minute")

    def _watched(self) -> _Watch:
        return _Watch(self)

    async def redrive_due(self) -> None:
        """Try again what is parked and due, subject by subject."""
        async with self.database.connection() as sql:
            subject = await parking.due(sql, self.stream)
        while subject is not None and await self._redrive_first(subject):
            pass

    async def _redrive_first(self, subject: UUID) -> bool:
        """Handle the subject's first parked event; whether there may be another that should follow."""
        async with self.database.connection() as sql:
            parked = await parking.first(sql, self.stream, subject)
            if parked is None:
                return False
            await parking.count_try(sql, self.stream, parked.seq)
        try:
            with self._watched():
                error = await self._redrive(parked)
        except Exception as fault:
            if is_ours(fault):
                raise
            error = code_of(fault)
        if error is not None:
            await self._blame(parked, error)
        return error is None

    async def _redrive(self, parked: parking.Parked) -> str | None:
        async with self.database.step(service_actor(self.service)) as tx:
            await position.hold(tx.sql, self.stream)
            error = await self.hearing.react(tx, parked.row, self.stream)
            if error is not None:
                return error
            await tx.flush()
            at = await parking.remove(tx.sql, self.stream, parked.seq)
        self.tell_hop(Hop(self.service, self.stream, parked.seq, parked.seq, at))
        return None

    async def _blame(self, parked: parking.Parked, error: str) -> None:
        async with self.database.connection() as sql:
            await parking.blame(sql, self.stream, parked.seq, error)


class _Watch:
    """Marks a handler busy, so that the worker's watchdog sees one that hangs."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler

    def __enter__(self) -> None:
        self._handler.busy_since = time.monotonic()

    def __exit__(self, *_: object) -> None:
        self._handler.busy_since = None
