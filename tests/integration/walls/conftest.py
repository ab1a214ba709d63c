"""All that tells or traces of persons, with a world of organisations."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import StartNetwork
from tests.integration.referrals.world import World


@pytest.fixture
async def wide_world(start_network: StartNetwork) -> AsyncIterator[World]:
    """Referrals, with the services that hear it; their workers run until they are stopped."""
    network = await start_network("referrals", "notifications", "tracing")
    running = World(network)
    await running.settle_in()
    yield running
    await running.database.close()
