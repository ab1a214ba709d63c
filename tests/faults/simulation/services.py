"""The processes of the simulation: the services' own parts, each taken singly and run one at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from redis.asyncio import Redis

from shared import ids, log
from shared.database import Transaction
from shared.envelope import Row
from shared.errors import Unavailable
from shared.faults import is_ours
from shared.handling import BATCH, Handler
from shared.hearing import Hearing
from shared.listener import Listener
from shared.relay import Relay
from shared.service import Service
from shared.streams import row_of
from shared.timers import Clock, Due, Rings

from .ledger import reaction
from .lines import Process, effects_of
from .schedule import MOMENT_S, Work
from .stream import Entries

if TYPE_CHECKING:
    from .simulation import Simulation

IDLE_S = 5.0


@dataclass(frozen=True)
class Heard(Hearing):
    """A service's hearing, whose ids are its event's own, and which may be poisoned."""

    service: str
    run: Simulation

    async def react(self, tx: Transaction, row: Row, stream: str) -> str | None:
        effect = reaction(self.service, stream, row.seq, row.content["subject"], row.event_id)
        self.run.poison.taste(self.service, row.event_id)
        times = self.run.ledger.times[effect]
        self.run.chance.turn_to(
            self.service, row.event_id, times, at=datetime.fromisoformat(row.content["time"])
        )
        error = await super().react(tx, row, stream)
        if error is None:
            effects_of(tx.sql).append(effect)
        return error


def _rings(rings: Rings, run: Simulation) -> Rings:
    """The service's rings, each with ids of its own timer."""

    async def ring(tx: Transaction, due: Due, kind: str) -> None:
        effect = ("ring", due.owner, due.kind, due.version, due.due_at)
        run.chance.turn_to(effect, run.ledger.times[effect], at=due.due_at)
        tx.correlation_id = ids.new_id()
        effects_of(tx.sql).append(effect)
        await rings[kind](tx, due)

    return {kind: partial(ring, kind=kind) for kind in rings}


class Worker:
    """A service's worker process; when it crashes it is made anew, with nothing but its record."""

    def __init__(self, run: Simulation, service: Service, nth: int = 1) -> None:
        self.name = f"{service.name}-{nth}"
        self._run, self.service = run, service
        self.process: Process = run.process(self.name)
        self.database = self.process.database(run.settings(service.name).database_url)
        self.vault = self.process.vault(run.settings(service.name))
        self.relay: Relay | None = None
        self.ears: list[Ear] = []

    def works(self) -> dict[str, Work]:
        """A process that starts: its relay, its clock, its listeners."""
        settings = self._run.settings(self.service.name)
        works: dict[str, Work] = {}
        if self.service.tells:
            redis = cast("Redis", self._run.streams)
            self.relay = Relay(self.service.teller(settings), self.database, redis)
            works["relay"] = self.relay.run
        if rings := self.service.rings(self.vault):
            works["clock"] = Clock(self.service.name, self.database, _rings(rings, self._run)).run
        turn = asyncio.Lock()
        self.ears = [
            Ear(self._run, self._listener(teller, hearing, turn))
            for teller, hearing in self.service.hears.items()
        ]
        for ear in self.ears:
            works |= {f"{work}<{ear.listener.stream}": begun for work, begun in ear.works().items()}
        return {f"{self.name}/{work}": begun for work, begun in works.items()}

    def _listener(self, teller: str, hearing: Hearing, turn: asyncio.Lock) -> Listener:
        handler = Handler(
            service=self.service.name,
            stream=log.stream_of(teller),
            hearing=Heard(hearing.reactions, hearing.excused, self.service.name, self._run),
            database=self.database,
            tell_hop=lambda _: None,
        )
        key = Ed25519PublicKey.from_public_bytes(self._run.settings("referrals").service_keys[teller])
        return Listener(handler=handler, key=key, read_log=partial(self._run.read_log, teller), turn=turn)


class Ear:
    """What FastStream does for a listener: it brings what the stream has, and asks when there is silence."""

    def __init__(self, run: Simulation, listener: Listener) -> None:
        self._run, self.listener = run, listener
        self.read_to = 0
        self.held: Entries = ()
        """What is brought later than what came after it."""
        self._begun = False

    def works(self) -> dict[str, Work]:
        return {
            "read": self._read,
            "ask": partial(self._after_begin, IDLE_S, self._ask),
            "redrive": partial(self._after_begin, 1.0, self.listener.redrive),
        }

    async def _read(self) -> None:
        await patiently(self.listener.handler.begin)
        self.read_to, self._begun = self.listener.handler.position.seq, True
        while True:
            await asyncio.sleep(MOMENT_S)
            entries = self._run.streams[self.listener.stream].after(self.read_to, BATCH)
            if entries:
                brought = self._run.delivery.bring(self, entries)
                rows = [row_of(fields) for _, fields in brought]
                await self.listener.hear([row for row in rows if row is not None])

    async def _after_begin(self, pause: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(pause)
            if self._begun:
                await work()

    async def _ask(self) -> None:
        await self.listener.ask()
        self.read_to = self.listener.handler.position.seq


async def patiently(work: Callable[[], Awaitable[None]]) -> None:
    """As the worker begins: the machines' faults are waited out."""
    while True:
        try:
            return await work()
        except Exception as error:
            if not is_ours(error):
                raise
            await asyncio.sleep(1)


class Logs:
    """The tellers' `/log`, which may be away."""

    def __init__(self, run: Simulation) -> None:
        self._run = run
        self.away = 0

    async def read(self, teller: str, after: int, limit: int) -> list[Row]:
        if self.away:
            self.away -= 1
            raise Unavailable(service=teller)
        async with self._run.api(teller).connection() as sql:
            rows = await log.read(sql, after=after, limit=limit)
        source = log.source_of(teller)
        return [Row.from_wire(json.loads(json.dumps(row.cloud_event(source)))) for row in rows]
