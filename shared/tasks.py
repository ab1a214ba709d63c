"""Ending background tasks for certain.

On Python 3.11 a cancellation that arrives just as an awaited thing finishes can
be swallowed inside a library (``asyncio.wait_for`` in psycopg's pool, redis-py's
time-outs).  A loop that goes on for ever therefore asks whether it should.
"""

from __future__ import annotations

import asyncio

AGAIN_S = 1.0


def go_on() -> None:
    """Raise ``CancelledError`` in a task that has been cancelled, though it did not hear it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended; its own error is its owner's to see."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_S)
