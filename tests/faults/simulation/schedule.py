"""One task at a time, in an order that a seed chooses, on a clock that only the order moves.

The product's own loops run; where they sleep they wait to be woken, so a turn is what a task does from one
sleep to the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

MOMENT_S = 0.01
"""As long as it takes until somebody else may have had a turn."""

Work = Callable[[], Awaitable[None]]

_sleep = asyncio.sleep


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time stands still until somebody is woken."""

    now = 0.0

    def time(self) -> float:
        return self.now


class Schedule:
    """The tasks, each asleep but the one whose turn it is."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._names: dict[asyncio.Task[Any], str] = {}
        self._asleep: dict[str, tuple[float, asyncio.Future[None]]] = {}
        self._restless: set[str] = set()
        self._turn: tuple[asyncio.Task[None], asyncio.Future[None]] | None = None

    @contextmanager
    def rules(self) -> Iterator[None]:
        """Sleeping means waiting for one's turn meanwhile."""
        with patch.object(asyncio, "sleep", self._wait_for_a_turn):
            yield

    @property
    def names(self) -> list[str]:
        """Who can be woken, in a fixed order."""
        return sorted(self._asleep)

    @property
    def started(self) -> list[str]:
        return sorted(self._tasks)

    async def start(self, name: str, work: Work, *, restless: bool = False) -> None:
        """Begin a task; its first turn comes at once, up to its first sleep.

        `restless`: a sleep of 0 is no sleep, as when a library lets others go on.
        """
        if restless:
            self._restless.add(name)
        task = self._loop.create_task(self._begin(work))
        self._tasks[name], self._names[task] = task, name
        task.add_done_callback(self._end_turn_of)
        await self._until_turn_is_over(name)

    async def _begin(self, work: Work) -> None:
        await asyncio.sleep(MOMENT_S)
        await work()

    async def wake(self, name: str) -> None:
        """Give a task its turn; raises what ended it."""
        due, woken = self._asleep.pop(name)
        self._loop.now = max(self._loop.now, due)
        woken.set_result(None)
        await self._until_turn_is_over(name)

    async def _until_turn_is_over(self, name: str) -> None:
        task, over = self._tasks[name], self._loop.create_future()
        self._turn = (task, over)
        await over
        if task.done():
            self._forget(name)
            task.result()

    def _end_turn_of(self, task: asyncio.Task[Any] | None) -> None:
        if self._turn is not None and self._turn[0] is task and not self._turn[1].done():
            self._turn[1].set_result(None)

    async def end(self, *names: str) -> None:
        """End tasks where they sleep."""
        for name in names:
            if (task := self._tasks.get(name)) is not None:
                task.cancel()
                await asyncio.wait([task])
                self._forget(name)

    async def end_all(self) -> None:
        await self.end(*list(self._tasks))

    def _forget(self, name: str) -> None:
        self._asleep.pop(name, None)
        del self._names[self._tasks.pop(name)]

    async def _wait_for_a_turn(self, delay: float, result: object = None) -> object:
        task = asyncio.current_task()
        name = self._names.get(task) if task is not None else None
        if name is None or (delay == 0 and name in self._restless):
            return await _sleep(delay, result)
        woken = self._loop.create_future()
        self._asleep[name] = (self._loop.now + delay, woken)
        self._end_turn_of(task)
        await woken
        return result
