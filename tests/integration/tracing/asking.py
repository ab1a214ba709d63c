"""Asking tracing, and waiting until it says what is expected."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.network import Network

Step = dict[str, Any]


async def trace(network: Network, path_id: UUID, token: str) -> list[Step]:
    """The path's steps; none as long as nothing is known of it."""
    answer = await network.call("tracing", "GET", f"/paths/{path_id}/trace", token=token)
    steps: list[Step] = answer.json()["items"] if answer.status_code == 200 else []
    return steps


async def trace_when(
    network: Network, path_id: UUID, token: str, expected: Callable[[list[Step]], bool]
) -> list[Step]:
    """The trace as soon as it is as expected; fails with the last one seen."""
    steps: list[Step] = []
    try:
        async with asyncio.timeout(30):
            while not expected(steps):
                await asyncio.sleep(0.1)
                steps = await trace(network, path_id, token)
    except TimeoutError:
        raise AssertionError(steps) from None
    return steps


def by(step: Step, service: str) -> Step | None:
    """What the service did with the step, if it did anything."""
    return next((each for each in step["handled"] if each["service"] == service), None)


def handled_at(step: Step, service: str) -> str | None:
    done = by(step, service)
    return done["at"] if done else None
