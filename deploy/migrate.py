"""Makes roles, schemas and tables of every service and of the keys, or brings them up to date.

Safe to run again.
"""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from deploy.keys import RECORDED
from shared import migrations

ROOT = Path(__file__).parent.parent
KIT = ROOT / "shared" / "sql"
KEYS = ROOT / "services" / "referrals" / "keys"
_STATEMENTS = Path(__file__).parent / "postgres"
# Two runs at once would both find the same file missing.
_ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('deploy.migrate'))"


def migrate(admin_url: str, passwords: Mapping[str, str], *, demo: bool = False) -> dict[str, list[str]]:
    """Bring the database of this address up to date; the names of the files applied, by service.

    `admin_url`: a superuser's, postgresql://.  `passwords`: of each service's login, by service.
    `demo`: the services may move their clock.  A service's files are applied all or none.
    """
    _make_roles(admin_url, passwords)
    engine = _engine(admin_url)
    applied = {}
    for service in RECORDED:
        with engine.begin() as connection:
            applied[service] = _migrate(connection, service, demo=demo)
    return applied


def migrate_keys(admin_url: str, password: str) -> list[str]:
    """Bring the keys' database of this address up to date; the names of the files applied.

    `admin_url`: a superuser's, of whichever server the keys are on.  `password`: of the login `keys`.
    """
    with psycopg.connect(admin_url) as made:
        made.execute(_ONE_AT_A_TIME)
        encrypted = made.pgconn.encrypt_password(password.encode(), b"keys").decode()
        names = {"database": sql.Identifier(made.info.dbname), "password": sql.Literal(encrypted)}
        made.execute(sql.SQL(_read("keys.sql")).format(**names))
    with _engine(admin_url).begin() as connection:
        _become(connection, "keys")
        applied = migrations.apply(connection, KEYS, schema="keys", version_table="schema_version")
        connection.execute(text("revoke insert, update, delete on schema_version from keys"))
        return applied


def create_database(admin_url: str, name: str) -> None:
    """Make an empty database unless it is there."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def files_of(service: str) -> Path:
    return ROOT / "services" / service / "migrations"


def _make_roles(admin_url: str, passwords: Mapping[str, str]) -> None:
    with psycopg.connect(admin_url) as connection:
        connection.execute(_ONE_AT_A_TIME)
        database = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))
        connection.execute("revoke all on schema public from public")
        for service in RECORDED:
            # Hashed here, so that no password reaches the server's log.
            password = connection.pgconn.encrypt_password(passwords[service].encode(), service.encode())
            names = _roles_of(service) | {"database": database, "password": sql.Literal(password.decode())}
            for statements in ("roles.sql", "schema.sql"):
                connection.execute(sql.SQL(_read(statements)).format(**names))


def _engine(admin_url: str) -> Engine:
    return create_engine(admin_url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)


def _become(connection: Connection, schema: str) -> None:
    connection.execute(text(_ONE_AT_A_TIME))
    connection.execute(text(f"set local role {schema}_owner"))
    connection.execute(text(f"set local search_path = {schema}"))


def _migrate(connection: Connection, service: str, *, demo: bool) -> list[str]:
    _become(connection, service)
    applied = [
        *migrations.apply(connection, KIT, schema=service, version_table="kit_version"),
        *migrations.apply(connection, files_of(service), schema=service, version_table="schema_version"),
    ]
    for statements in ("walls.sql", "demo_clock.sql") if demo else ("walls.sql",):
        closed = sql.SQL(_read(statements)).format(**_roles_of(service)).as_string()
        connection.exec_driver_sql(closed, execution_options={"no_parameters": True})
    return applied


def _roles_of(service: str) -> dict[str, sql.Composable]:
    names = {"service": service, "owner": f"{service}_owner", "erasure": f"{service}_erasure"}
    return {placeholder: sql.Identifier(name) for placeholder, name in names.items()}


def _read(statements: str) -> str:
    return (_STATEMENTS / statements).read_text()


def main() -> None:
    """Take the address and passwords from the environment, as `docker-compose.yml` gives them."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    passwords = {service: os.environ[f"{service.upper()}_DB_PASSWORD"] for service in RECORDED}
    keys_url = os.environ["ADMIN_KEYS_DATABASE_URL"]
    server, _, name = keys_url.rpartition("/")
    create_database(f"{server}/postgres", name)
    applied = {
        "keys": migrate_keys(keys_url, os.environ["KEYS_DB_PASSWORD"]),
        **migrate(os.environ["ADMIN_DATABASE_URL"], passwords, demo=os.environ.get("DEMO") == "1"),
    }
    for service, names in applied.items():
        print(f"{service}: {', '.join(names) or 'up to date'}")


if __name__ == "__main__":
    main()
