"""Real servers for every test that needs them; a database per test from a migrated template."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from redis import Redis

from deploy.migrate import create_database, migrate
from tests.keys import make_keys_template
from tests.network import PATIENCE_S, RECORDED, Network
from tests.servers import Choice, Kind, Servers, choose, docker_answers

TEMPLATE = "template_of_all"
KINDS = ("unit", "contract", "integration", "faults", "e2e", "browser")
WHOLE_SYSTEMS = ("durable", "installation", "web")
"""Fixtures that start a whole system; the tests of one share it, and so one worker."""

CHOSEN = pytest.StashKey[Choice]()
_numbers = count(1)


# How long an example takes says something of the machine, nothing of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the servers once, so that what is printed is what is used."""
    os.environ.setdefault("PATIENCE_S", str(PATIENCE_S))
    config.stash[CHOSEN] = choose(os.environ, docker_answers)


def pytest_report_header(config: pytest.Config) -> str:
    chosen = config.stash[CHOSEN]
    return f"servers: {chosen.kind} ({chosen.why})"


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Each worker needs servers of its own; those that are given serve one."""
    return 2 if choose(os.environ, docker_answers).kind is Kind.EMBEDDED else 0


def pytest_itemcollected(item: pytest.Item) -> None:
    for name in WHOLE_SYSTEMS:
        if name in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(name))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full numbers to ``dev.py test --long``, and what runs beside whole systems to the end.

    The order within a kind stays as shuffled; an idle system polls, and would slow everything after it.
    """
    items.sort(key=_kind)
    if os.environ.get("LONG"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def _kind(item: pytest.Item) -> int:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return KINDS.index(folder) if folder in KINDS else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures that tests recorded: how often each fault hit, and each side of a race won."""
    for report in terminalreporter.getreports("passed"):
        if report.when == "call":
            for name, figures in report.user_properties:
                terminalreporter.write_line(f"{name}: {figures}")


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """PostgreSQL, and Redis or Valkey, for the session."""
    with pytestconfig.stash[CHOSEN].start(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """A database with every service's schema, as migrations make it."""
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        # Servers that are given may still have an earlier run's.
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(TEMPLATE)))
    create_database(servers.postgres.url, TEMPLATE)
    address = servers.postgres.url.rpartition("/")[0] + f"/{TEMPLATE}"
    passwords = {name: servers.secrets[f"{name.upper()}_DB_PASSWORD"] for name in RECORDED}
    migrate(address, passwords, demo=True)
    make_keys_template(servers)
    return TEMPLATE


@pytest.fixture
def database(servers: Servers, template: str) -> Iterator[str]:
    """The name of a fresh migrated database, and a stream server emptied for it."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    with Redis.from_url(servers.redis.url) as redis:
        redis.flushall()
    yield name
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


StartNetwork = Callable[..., Awaitable[Network]]


@pytest.fixture
async def start_network(servers: Servers, database: str) -> AsyncIterator[StartNetwork]:
    """Runs the services it is given the names of, until the test ends."""
    network = Network(servers, database)

    async def start(*services: str) -> Network:
        await network.start(services)
        return network

    yield start
    await network.close()


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parent.parent
