"""Hearing that the process is to stop.

uvicorn waits for open responses before it ends the application's lifespan, and
an endless response ends only if it hears of the signal itself.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heard_at_shutdown(end: Callable[[], None]) -> Iterator[None]:
    """Call ``end`` in the running loop when the process is asked to stop, and pass the signal on."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def hear(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(end)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    ours = [number for number, handler in before.items() if _can_be_wrapped(handler)]
    for number in ours:
        signal.signal(number, hear)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def _can_be_wrapped(handler: object) -> bool:
    return callable(handler) and threading.current_thread() is threading.main_thread()
