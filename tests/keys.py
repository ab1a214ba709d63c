"""The keys' database that stands beside each database of a test, from a migrated template of its own."""

from __future__ import annotations

import psycopg
from psycopg import sql

from deploy.migrate import create_database, migrate_keys
from tests.servers import Servers

TEMPLATE = "template_of_keys"


def keys_of(database: str) -> str:
    """The name of the keys' database beside a database."""
    return f"{database}_keys"


def keys_url(servers: Servers, database: str) -> str:
    """Its address for the one role that may use it."""
    return servers.postgres.address_of("keys", servers.secrets["KEYS_DB_PASSWORD"], keys_of(database))


def make_keys_template(servers: Servers) -> None:
    _admin(servers, "drop database if exists {name} with (force)", TEMPLATE)
    create_database(servers.postgres.url, TEMPLATE)
    address = servers.postgres.url.rpartition("/")[0] + f"/{TEMPLATE}"
    migrate_keys(address, servers.secrets["KEYS_DB_PASSWORD"])


def make_keys(servers: Servers, database: str) -> None:
    """Make it anew, empty."""
    drop_keys(servers, database)
    _admin(servers, "create database {name} template {template}", keys_of(database))


def drop_keys(servers: Servers, database: str) -> None:
    _admin(servers, "drop database if exists {name} with (force)", keys_of(database))


def _admin(servers: Servers, statement: str, name: str) -> None:
    names = {"name": sql.Identifier(name), "template": sql.Identifier(TEMPLATE)}
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL(statement).format(**names))
