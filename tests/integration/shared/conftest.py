"""The kit on real servers, without any service's own rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import pytest

from tests.conftest import StartNetwork
from tests.integration.shared.kit import EFFECTS, Kit
from tests.integration.shared.probe import PROMISES, Probe, probing
from tests.network import Network

T = TypeVar("T")
Eventually = Callable[[Callable[[], Awaitable[T]], Callable[[T], bool]], Awaitable[T]]
PATIENCE_S = 60


@pytest.fixture
async def network(start_network: StartNetwork) -> Network:
    """The servers with a fresh database, and the keys of people's tokens; no service."""
    return await start_network()


@pytest.fixture
async def kit(network: Network) -> AsyncIterator[Kit]:
    """A teller and a listener in parts."""
    parts = Kit(network)
    await parts.open()
    await parts.as_superuser("referrals", f"set role referrals_owner; {EFFECTS}")
    yield parts
    await parts.close()


@pytest.fixture
async def probe(kit: Kit) -> AsyncIterator[Probe]:
    """An HTTP service made of the kit alone."""
    await kit.as_superuser("organisations", f"set role organisations_owner; {PROMISES}")
    async with probing(kit.network) as running:
        yield running


@pytest.fixture
def eventually() -> Eventually[T]:
    """Waits until what is seen is as expected; fails with what was seen last."""

    async def wait(look: Callable[[], Awaitable[T]], expected: Callable[[T], bool]) -> T:
        seen = await look()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not expected(seen):
                    await asyncio.sleep(0.05)
                    seen = await look()
        except TimeoutError:
            raise AssertionError(seen) from None
        return seen

    return wait
