"""Durable servers of their own for the fault tests: they are killed and restarted."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import Servers

from .system import System, make_database

_numbers = count(1)


@pytest.fixture(scope="session")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Servers that keep every commit, as production's do."""
    with Servers(tmp_path_factory.mktemp("durable"), durable=True) as running:
        yield running


@pytest.fixture
async def bare(durable: Servers, tmp_path: Path) -> AsyncIterator[System]:
    """A system with nothing running yet."""
    for server in (durable.postgres, durable.redis):
        if not server.runs:
            server.start()
    name = f"faults_{os.getpid()}_{next(_numbers)}"
    make_database(durable, name)
    system = System(durable, name, tmp_path)
    system.redis.flushall()
    yield system
    await system.close()
    with psycopg.connect(durable.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
async def system(bare: System) -> System:
    """A system whose three processes run."""
    for name in ("teller_api", "teller_worker", "hearer_worker"):
        bare.start(name)
    return bare
