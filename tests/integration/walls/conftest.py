"""A freshly migrated database, as a superuser sees it and as a service does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from itertools import product

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import namedtuple_row
from redis import Redis

from deploy.embedded import Servers
from deploy.keys import RECORDED
from tests.conftest import StartNetwork
from tests.integration.referrals.world import World
from tests.integration.walls.lives import Lives, two_lives
from tests.integration.walls.tenants import Connection as Connection
from tests.network import Network

Login = Callable[[str], Connection]


@pytest.fixture
def admin(servers: Servers, database: str) -> Iterator[Connection]:
    """A superuser in a freshly migrated database."""
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], database)
    with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as connection:
        yield connection


@contextmanager
def copied(servers: Servers, template: str, name: str) -> Iterator[str]:
    """A database of this name, freshly migrated; gone afterwards."""
    names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {name} with (force)").format(**names))
        admin.execute(sql.SQL("create database {name} template {template}").format(**names))
        yield name
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture(scope="session")
def catalogue(servers: Servers, template: str) -> Iterator[Connection]:
    """A superuser in a migrated database that tests leave as they found it."""
    password = servers.secrets["POSTGRES_PASSWORD"]
    with copied(servers, template, "catalogue") as name:
        address = servers.postgres.address_of("postgres", password, name)
        with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as connection:
            yield connection


@pytest.fixture(scope="session")
async def lives(servers: Servers, template: str) -> AsyncIterator[Lives]:
    """All services, and two circles of organisations in them, for tests that alter nothing of the second."""
    # What an earlier test has left in the streams is ahead of a new log.
    with Redis.from_url(servers.redis.url) as redis:
        redis.flushall()
    with copied(servers, template, "walls_of_all") as name:
        network = Network(servers, name)
        try:
            async with two_lives(network) as both:
                for service, life in product(RECORDED, (both.ours, both.theirs)):
                    # Before any sweep has made something new, of which there may be nothing else yet.
                    both.things(life, service)
                yield both
        finally:
            await network.close()


@pytest.fixture
async def wide_world(start_network: StartNetwork) -> AsyncIterator[World]:
    """Referrals, with the services that hear it; their workers run until they are stopped."""
    network = await start_network("referrals", "notifications", "tracing")
    running = World(network)
    await running.settle_in()
    yield running
    await running.database.close()


@pytest.fixture
def login(servers: Servers, database: str) -> Login:
    """Connects as a service itself does."""

    def connect(service: str) -> Connection:
        password = servers.secrets[f"{service.upper()}_DB_PASSWORD"]
        return psycopg.connect(servers.postgres.address_of(service, password, database), autocommit=True)

    return connect
