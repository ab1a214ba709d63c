"""The faults, each hit by a seed's choice and counted."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, UUID, uuid5

from psycopg.errors import QueryCanceled

from shared.log import stream_of
from shared.rebuild import rebuild
from shared.streams import row_of

from .lines import Armed, Crash, Where
from .services import Ear
from .stream import Entries, Fields, Stream

if TYPE_CHECKING:
    from .simulation import Simulation

MOST = 16
"""Of a run: a system that is broken again before it has mended does not get anywhere, and need not."""

ARRIVALS = ("twice", "in parts", "out of order", "later")

EVERY_FAULT = (
    *(Armed(where, crash=crash, left=1).name for where in Where for crash in (False, True)),
    *(f"arrives {how}" for how in ARRIVALS),
    "stream lost", "tail lost", "entry lost", "entry forged", "entry that is no event",
    "stream ahead of its log", "stream away", "connection lost in a pipeline", "log away",
    "event that fails", "event that kills its process", "position put back", "projections rebuilt",
    "old timer comes back", "two workers",
)  # fmt: skip

_UUID = re.compile(r'"([0-9a-f]{8}-[0-9a-f-]{27})"')


@dataclass
class Poison:
    """An event that a reaction fails on, or that kills its process, for so many tries."""

    run: Simulation
    waiting: dict[str, tuple[int, bool]] = field(default_factory=dict)
    events: dict[tuple[str, UUID], tuple[int, bool]] = field(default_factory=dict)

    def taste(self, service: str, event_id: UUID) -> None:
        if service in self.waiting:
            self.events[service, event_id] = self.waiting.pop(service)
        tries, kills = self.events.get((service, event_id), (0, False))
        if tries == 0:
            return
        self.events[service, event_id] = (tries - 1, kills)
        self.run.hit("event that kills its process" if kills else "event that fails", service)
        if kills:
            raise Crash(service)
        raise QueryCanceled("a statement took too long")


@dataclass
class Delivery:
    """How a stream's entries arrive."""

    run: Simulation
    choose: random.Random
    next: str | None = None

    def bring(self, ear: Ear, entries: Entries) -> list[tuple[int, Fields]]:
        """What arrives of what the stream has; the ear reads on from there, or hears it again."""
        brought, ear.held = [*ear.held, *entries], ()
        fault, ear_reads_to = self.next, entries[-1][0]
        if fault is not None and (fault == "twice" or len(brought) > 1):
            self.next = None
            self.run.hit(f"arrives {fault}", ear.listener.stream)
            if fault == "twice":
                return brought
            if fault == "in parts":
                brought = brought[: self.choose.randrange(1, len(brought))]
                ear_reads_to = max(seq for seq, _ in brought)
            if fault == "out of order":
                self.choose.shuffle(brought)
            if fault == "later":
                ear.held = [brought.pop(self.choose.randrange(len(brought)))]
        ear.read_to = max(ear_reads_to, ear.read_to)
        return brought


class Faults:
    """What goes wrong in a run."""

    def __init__(self, run: Simulation, choose: random.Random) -> None:
        self._run, self._choose, self._left = run, choose, MOST
        self._old_timers: dict[tuple[UUID, str], dict[str, Any]] = {}
        self._kinds: dict[Callable[[], Awaitable[None] | None], int] = {
            self.session: 12, self.flush: 2, self.lose_the_tail: 2, self.hole: 2, self.forge: 3,
            self.stray: 1, self.stray_ahead: 1, self.stream_away: 1, self.lose_the_pipeline: 2,
            self.log_away: 1, self.deliver: 5, self.poison: 2, self.put_back: 2, self.rebuild: 1,
            self.old_timer: 3, self.rival: 1,
        }  # fmt: skip

    async def strike(self) -> None:
        """One fault, if the time is right for the one that is chosen, and it has not been enough."""
        self._left -= 1
        if self._left < 0:
            return
        [kind] = self._choose.choices([*self._kinds], [*self._kinds.values()])
        if (begun := kind()) is not None:
            await begun

    def session(self) -> None:
        """A process's session ends at a statement to come; the process with it, or not."""
        process = self._choose.choice([*self._run.processes.values()])
        where = self._choose.choice([*Where])
        most = 25 if where is Where.STATEMENT else 4
        crash = self._choose.random() < 0.5
        process.armed = Armed(where, crash=crash, left=self._choose.randint(1, most))

    # The stream

    def _stream(self) -> tuple[str, Stream]:
        name = stream_of(self._choose.choice(("organisations", "referrals", "notifications")))
        return name, self._run.streams[name]

    def flush(self) -> None:
        self._run.streams.flush()
        self._run.hit("stream lost", "all")

    def lose_the_tail(self) -> None:
        name, stream = self._stream()
        if stream.last:
            stream.lose_after(max(0, stream.last - self._choose.randint(1, 8)))
            self._run.hit("tail lost", name)

    def hole(self) -> None:
        name, stream = self._stream()
        if stream.entries:
            del stream.entries[self._late(stream)]
            self._run.hit("entry lost", name)

    def _late(self, stream: Stream) -> int:
        return self._choose.choice(sorted(stream.entries)[-3:])

    def forge(self) -> None:
        """Somebody without the key has written another event in an entry's place."""
        name, stream = self._stream()
        if stream.entries and row_of(stream.entries[seq := self._late(stream)]) is not None:
            said = json.loads(stream.entries[seq][b"__data__"])
            said["body"] = json.loads(_UUID.sub(_another, json.dumps(said["body"])))
            stream.entries[seq] = {**stream.entries[seq], b"__data__": json.dumps(said).encode()}
            self._run.hit("entry forged", name)

    def stray(self) -> None:
        name, stream = self._stream()
        if stream.entries:
            stream.entries[self._late(stream)] = {b"__data__": b"{"}
            self._run.hit("entry that is no event", name)

    def stray_ahead(self) -> None:
        """An entry that no log knows; the relay stops until an operator deletes the stream."""
        name, stream = self._stream()
        stream.add(stream.last + 1, {b"__data__": b"{}"})
        self._run.hit("stream ahead of its log", name)

    def stream_away(self) -> None:
        self._run.streams.refuses = self._choose.randint(1, 4)
        self._run.hit("stream away", "all")

    def lose_the_pipeline(self) -> None:
        self._run.streams.takes = self._choose.randint(0, 3)
        self._run.hit("connection lost in a pipeline", "all")

    def log_away(self) -> None:
        self._run.logs.away = self._choose.randint(1, 3)
        self._run.hit("log away", "all")

    def deliver(self) -> None:
        self._run.delivery.next = self._choose.choice(ARRIVALS)

    # Events, positions, timers, processes

    def poison(self) -> None:
        service = self._choose.choice(("referrals", "notifications", "tracing"))
        self._run.poison.waiting[service] = (self._choose.randint(1, 4), self._choose.random() < 0.4)

    def put_back(self) -> None:
        """A listener is told to begin again; what was told and noticed before stays."""
        stream = stream_of("referrals")
        if (seq := self._run.state.position("notifications", stream)) > 0:
            to = self._choose.randrange(max(0, seq - 10), seq)
            self._run.state.put_back("notifications", stream, to)
            self._run.ledger.put_back(("notifications", stream), to, stood_at=seq)
            self._run.hit("position put back", "notifications")

    async def rebuild(self) -> None:
        name = self._choose.choice(("referrals", "tracing"))
        worker = self._run.workers[f"{name}-1"]
        stood = {one: self._run.state.position(name, one) for one in map(stream_of, worker.service.hears)}
        async with self._run.operators(name) as database:
            await rebuild(worker.service, database)
        for stream, seq in stood.items():
            self._run.ledger.put_back((name, stream), 0, stood_at=seq)
        self._run.directory_is_due |= name == "referrals"
        self._run.hit("projections rebuilt", name)

    def remember_timers(self) -> None:
        for timer in self._run.state.timers():
            self._old_timers[timer["owner"], timer["kind"]] = timer

    def old_timer(self) -> None:
        """A timer comes back that was cancelled when its owner moved on."""
        now = {(timer["owner"], timer["kind"]) for timer in self._run.state.timers()}
        rung = {effect[1:4] for effect in self._run.ledger.times if effect[0] == "ring"}
        cancelled = [
            timer
            for key, timer in self._old_timers.items()
            if key not in now and (*key, timer["version"]) not in rung
        ]
        if cancelled:
            self._run.state.set_timer(self._choose.choice(cancelled))
            self._run.hit("old timer comes back", "referrals")

    async def rival(self) -> None:
        """A second worker of the same service, from now on."""
        name = self._choose.choice(("organisations", "referrals", "notifications", "tracing"))
        if await self._run.start_rival(name):
            self._run.hit("two workers", name)


def _another(found: re.Match[str]) -> str:
    return f'"{uuid5(NAMESPACE_OID, found[1])}"'
