"""The referrals service alone, with its copies of a few organisations of each test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import Servers
from tests.conftest import StartNetwork
from tests.integration.referrals.chronicle import Chronicle
from tests.integration.referrals.world import World
from tests.network import Network

STANDING, CHRONICLED = "referrals_standing", "referrals_chronicled"


@asynccontextmanager
async def serving(servers: Servers, template: str, name: str) -> AsyncIterator[Network]:
    """The API without its worker, on a database of this name."""
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {name} template {template}").format(**names))
    network = Network(servers, name)
    await network.start(["referrals"])
    await network.stop_worker("referrals")
    yield network
    await network.close()
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture(scope="session")
async def standing(servers: Servers, template: str) -> AsyncIterator[Network]:
    """One API for all tests that need neither worker nor clock; each brings tenants of its own."""
    async with serving(servers, template, STANDING) as network:
        yield network


@pytest.fixture(scope="session")
async def chronicle(servers: Servers, template: str) -> AsyncIterator[Chronicle]:
    """A story of consents and disclosures with its ledger, which tests look at and damage in vain."""
    async with serving(servers, template, CHRONICLED) as network:
        told = Chronicle(network)
        await told.settle_in()
        await told.happen()
        yield told
        await told.database.close()


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
