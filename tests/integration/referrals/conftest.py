"""The referrals service alone, with its copies of a few organisations of each test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import Servers
from tests.conftest import StartNetwork
from tests.integration.referrals.world import World
from tests.network import Network

STANDING = "referrals_standing"


@pytest.fixture(scope="session")
async def standing(servers: Servers, template: str) -> AsyncIterator[Network]:
    """One API for all tests that need neither worker nor clock; each brings tenants of its own."""
    names = {"name": sql.Identifier(STANDING), "template": sql.Identifier(template)}
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {name} template {template}").format(**names))
    network = Network(servers, STANDING)
    await network.start(["referrals"])
    await network.stop_worker("referrals")
    yield network
    await network.close()
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture
async def world(standing: Network) -> AsyncIterator[World]:
    """Organisations of this test alone, on the standing API."""
    running = World(standing)
    await running.settle_in()
    yield running
    await running.database.close()


@pytest.fixture
async def living_world(start_network: StartNetwork) -> AsyncIterator[World]:
    """A database, API and worker of this test alone, so that it may move the clock."""
    network = await start_network("referrals")
    running = World(network)
    await running.settle_in()
    yield running
    await running.database.close()
