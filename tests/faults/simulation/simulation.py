"""One run: the story, told while the services' own parts take turns, with faults or without."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared import parking
from shared.audit import first_bad_row
from shared.database import Database
from shared.envelope import Row
from shared.log import stream_of
from shared.settings import Settings

from .chance import Chance
from .faults import Delivery, Faults, Poison
from .ledger import Ledger
from .lines import Crash, Process, ender
from .schedule import MOMENT_S, Loop, Schedule
from .services import Logs, Worker
from .state import State
from .story import Story
from .stream import Streams

if TYPE_CHECKING:
    from .bench import Bench

START = datetime(2031, 3, 3, 8, tzinfo=UTC)
"""A Monday morning, at which the database's clock stands until the story moves it."""

BUSY = Counter(story=100, relay=10, clock=5, read=10, ask=1, redrive=1, operator=3)
WAITING = Counter(story=5, relay=10, clock=10, read=10, ask=4, redrive=4, operator=5)
"""How often whose turn it is, while the story goes on and while it waits for the others."""

REMEMBERED = 0.3
RATE = 0.07
"""How often something goes wrong, of all turns."""

TURNS = 3000
SWEEPS = 80
SHOWN = 40


class StoryClock:
    """The services' clock: it stands still but for the story's own steps."""

    def __init__(self, run: Simulation) -> None:
        self._run, self.now = run, START

    async def tick(self) -> None:
        self.move(timedelta(seconds=1))

    async def advance(self, by: timedelta) -> None:
        """Move on, and wait until everything due has rung."""
        self.move(by)
        self._run.note(f"the clock moves to {self.now}")
        await self._run.until(self._run.state.nothing_is_due)

    def move(self, by: timedelta) -> None:
        self.now += by
        self._run.state.set_clocks(self.now - START)


class Simulation:
    """Everything of one run; `seed` is `None` for the run without faults."""

    def __init__(self, bench: Bench, database: str, seed: int | None, loop: Loop) -> None:
        self.bench, self.seed = bench, seed
        self._database, self._choose = database, random.Random(seed or 0)  # noqa: S311 - reproducible on purpose
        self.state = State(bench.address_of(database))
        self.schedule, self.chance, self.ledger = Schedule(loop), Chance(), Ledger()
        self.streams, self.logs = Streams(), Logs(self)
        self.delivery, self.poison = Delivery(self, self._choose), Poison(self)
        self.faults = Faults(self, self._choose)
        self.clock, self.story = StoryClock(self), Story(self)
        self.hits: Counter[str] = Counter()
        self.trail: deque[str] = deque(maxlen=SHOWN)
        self.processes: dict[str, Process] = {}
        self.workers: dict[str, Worker] = {}
        self.directory_is_due = self._waits = False
        self._end_session = ender(self.state.admin)
        self._apis: dict[str, Database] = {}
        self._stack = AsyncExitStack()
        self._stack.callback(self.state.close)
        self._turn = 0
        self.dump: list[bytes] = []
        self.wrong: list[str] = []

    # What the parts ask of a run

    def settings(self, service: str) -> Settings:
        return self.bench.settings(service, self._database)

    def process(self, name: str) -> Process:
        made = Process(name, self._end_session, self.hit, self.ledger.note)
        self.processes[name] = made
        return made

    @asynccontextmanager
    async def operators(self, service: str) -> AsyncIterator[Database]:
        """An operator's own way into a service's record."""
        database = Database(self.settings(service).database_url, size=1)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    def api(self, service: str) -> Database:
        return self._apis[service]

    async def read_log(self, teller: str, after: int, limit: int) -> list[Row]:
        return await self.logs.read(teller, after, limit)

    def hit(self, fault: str, where: str) -> None:
        self.hits[fault] += 1
        self.note(f"FAULT {fault}: {where}")

    def note(self, line: str) -> None:
        self.trail.append(f"{self._turn:4} {line}")

    def after_a_command(self) -> None:
        if self.seed is not None and self._choose.random() < REMEMBERED:
            self.faults.remember_timers()

    async def directory_is_heard(self) -> None:
        """Wait until referrals knows of the directory what there is to know."""
        await self.until(self.state.directory_is_heard)

    async def directory_is_whole(self) -> None:
        """Wait while a rebuild has emptied what referrals knows of the directory."""
        await self.until(lambda: not self.directory_is_due)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Let the others have their turns until a condition holds."""
        self._waits = True
        while not condition():  # noqa: ASYNC110 - an event would wait beside the schedule
            await asyncio.sleep(MOMENT_S)
        self._waits = False

    # The run

    async def play(self) -> None:
        """The whole story, and then rest; what goes wrong is noted in `wrong`."""
        with self.chance.rules(), self.schedule.rules():
            try:
                await self._begin()
                await self._tell()
                await self._come_to_rest()
                await self._look()
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - the seed is told, and how to repeat it
                self.wrong.append("".join(traceback.format_exception(error)[-4:]))
                self.wrong += self._standings()
            finally:
                await self.schedule.end_all()
                await self._stack.aclose()

    async def _begin(self) -> None:
        for name in ("organisations", "referrals", "notifications"):
            await self._open_api(name)
        for service in self.bench.services.values():
            await self._start_worker(Worker(self, service))
        await self.schedule.start("story", self.story.tell, restless=True)
        await self.schedule.start("operator", self._operate)

    async def _open_api(self, service: str) -> None:
        process, settings = self.process(f"{service}-api"), self.settings(service)
        self._apis[service], vault = process.database(settings.database_url), process.vault(settings)
        for opened in (self._apis[service], vault):
            await opened.open()
            self._stack.push_async_callback(opened.close)
        self.bench.give(service, self._apis[service], vault)

    async def _start_worker(self, worker: Worker) -> None:
        self.workers[worker.name] = worker
        for opened in (worker.database, worker.vault):
            await opened.open()
            self._stack.push_async_callback(opened.close)
        await self._start(worker)

    async def _start(self, worker: Worker) -> None:
        for name, work in worker.works().items():
            await self.schedule.start(name, work)

    async def start_rival(self, service: str) -> bool:
        """A second worker of a service, unless there is one."""
        if f"{service}-2" in self.workers:
            return False
        await self._start_worker(Worker(self, self.bench.services[service], nth=2))
        return True

    async def _tell(self) -> None:
        while not self.story.done:
            self._turn += 1
            assert self._turn < TURNS, "the story never ends"
            if self.seed is not None and self._choose.random() < RATE:
                await self.faults.strike()
            await self._wake(self._chosen())

    def _chosen(self) -> str:
        names = self.schedule.names
        if self.directory_is_due:
            self.directory_is_due = not self.state.directory_is_heard()
            names = [name for name in names if _kind(name) != "clock"]
        weights = WAITING if self._waits else BUSY
        return self._choose.choices(names, [weights[_kind(name)] for name in names])[0]

    async def _wake(self, name: str) -> None:
        """A task's turn; a worker that crashes in it begins again from its record."""
        self.chance.turn_to(("turn", self._turn), at=self.clock.now)
        self.note(name)
        try:
            await self.schedule.wake(name)
        except Crash:
            worker = self.workers[name.partition("/")[0]]
            self.note(f"{worker.name} begins again")
            mine = [one for one in self.schedule.started if one.startswith(f"{worker.name}/")]
            await self.schedule.end(*mine)
            await self._start(worker)

    def _standings(self) -> list[str]:
        """What keeps whom from going on."""
        found = [
            f"{service} has parked {len(subjects)}"
            for service, subjects in self.state.parked_subjects().items()
        ]
        for worker in self.workers.values():
            for ear in worker.ears:
                at, stopped = ear.listener.handler.position.seq, ear.listener.handler.stopped
                found.append(
                    f"{worker.name} stands at {at} of {ear.listener.stream}: {stopped or 'it goes on'}"
                )
            if worker.relay is not None and worker.relay.stopped:
                found.append(f"{worker.name}: {worker.relay.stopped}")
        return [*found, f"heads: {self.state.heads()}"]

    # Rest

    async def _operate(self) -> None:
        """An operator sees what is parked or stopped, and does what the handbook says."""
        while True:
            await asyncio.sleep(1)
            for worker in self.workers.values():
                if worker.relay is not None and worker.relay.stopped:
                    self.streams.delete(worker.relay.teller.stream)
            for service, subjects in self.state.parked_subjects().items():
                async with self.operators(service) as database, database.connection() as sql:
                    for subject in subjects:
                        await parking.hasten(sql, subject)

    async def _come_to_rest(self) -> None:
        """No new faults: everybody in turn until nothing is left to do."""
        for process in self.processes.values():
            process.armed = None
        for _ in range(SWEEPS):
            if self.state.is_at_rest() and self._all_is_copied():
                return
            for name in self.schedule.names:
                if name in self.schedule.names:
                    await self._wake(name)
        raise AssertionError("it never comes to rest")

    def _all_is_copied(self) -> bool:
        heads = self.state.heads().items()
        return all(self.streams[stream_of(teller)].last == head for teller, head in heads)

    async def _look(self) -> None:
        """What is left at the end, and what is wrong with it."""
        self.dump = self.state.dump()
        heads = self.state.heads()
        self.wrong += [*self.ledger.wrong, *self.state.wrong(heads)]
        for worker in self.bench.services.values():
            for teller in worker.hears:
                if missing := self.ledger.missing((worker.name, stream_of(teller)), heads[teller]):
                    self.wrong.append(f"{worker.name} never handled {missing} of {teller}")
        for teller in heads:
            if self.bench.services[teller].tells:
                self.wrong += await self._false_rows(teller)

    async def _false_rows(self, teller: str) -> list[str]:
        settings = self.settings(teller)
        key = Ed25519PublicKey.from_public_bytes(settings.service_keys[teller])
        async with self.operators(teller) as database:
            bad = await first_bad_row(database, key, stream_of(teller))
        return [f"{teller}: row {bad} is false"] * (bad is not None)


def _kind(name: str) -> str:
    return name.rpartition("/")[2].partition("<")[0]
