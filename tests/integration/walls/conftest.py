"""A freshly migrated database, as a superuser sees it and as a service does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import namedtuple_row

from deploy.embedded import Servers

Connection = psycopg.Connection[Any]
Login = Callable[[str], Connection]


@pytest.fixture
def admin(servers: Servers, database: str) -> Iterator[Connection]:
    """A superuser in a freshly migrated database."""
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], database)
    with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as connection:
        yield connection


@pytest.fixture(scope="session")
def catalogue(servers: Servers, template: str) -> Iterator[Connection]:
    """A superuser in a migrated database that tests leave as they found it."""
    names = {"name": sql.Identifier("catalogue"), "template": sql.Identifier(template)}
    password = servers.secrets["POSTGRES_PASSWORD"]
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {name} with (force)").format(**names))
        admin.execute(sql.SQL("create database {name} template {template}").format(**names))
        address = servers.postgres.address_of("postgres", password, "catalogue")
        with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as connection:
            yield connection
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@pytest.fixture
def login(servers: Servers, database: str) -> Login:
    """Connects as a service itself does."""

    def connect(service: str) -> Connection:
        password = servers.secrets[f"{service.upper()}_DB_PASSWORD"]
        return psycopg.connect(servers.postgres.address_of(service, password, database), autocommit=True)

    return connect
