"""Roles, schemas and tables as migrations make them, and that they are made once and whole."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from deploy.embedded import Servers
from deploy.keys import RECORDED
from deploy.migrate import create_database, migrate
from shared import migrations

DATABASE = "migrated"


@pytest.fixture(scope="module")
def passwords(own_servers: Servers) -> dict[str, str]:
    return {service: own_servers.secrets[f"{service.upper()}_DB_PASSWORD"] for service in RECORDED}


@pytest.fixture(scope="module")
def admin_url(own_servers: Servers, passwords: dict[str, str]) -> str:
    create_database(own_servers.postgres.url, DATABASE)
    address = own_servers.postgres.address_of("postgres", own_servers.secrets["POSTGRES_PASSWORD"], DATABASE)
    migrate(address, passwords)
    return address


@pytest.fixture
def engine(admin_url: str) -> Iterator[Engine]:
    """For a schema `trial` that the test may fill."""
    engine = create_engine(admin_url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("drop schema if exists trial cascade"))
        connection.execute(text("create schema trial"))
    yield engine
    engine.dispose()


def as_service(servers: Servers, service: str, passwords: dict[str, str]) -> psycopg.Connection:
    address = servers.postgres.address_of(service, passwords[service], DATABASE)
    return psycopg.connect(address, autocommit=True)


def test_a_second_run_has_nothing_to_do(admin_url: str, passwords: dict[str, str]) -> None:
    assert migrate(admin_url, passwords) == {service: [] for service in RECORDED}


def test_a_database_that_is_there_stays(own_servers: Servers, admin_url: str) -> None:
    create_database(own_servers.postgres.url, DATABASE)

    with psycopg.connect(admin_url) as sql:
        assert sql.execute("select to_regclass('referrals.log')").fetchone() == ("referrals.log",)


def test_a_new_password_is_taken_over(
    own_servers: Servers, admin_url: str, passwords: dict[str, str]
) -> None:
    migrate(admin_url, passwords | {"tracing": "another"})
    as_service(own_servers, "tracing", {"tracing": "another"}).close()

    migrate(admin_url, passwords)
    as_service(own_servers, "tracing", passwords).close()


@pytest.mark.parametrize("service", RECORDED)
def test_a_login_is_neither_owner_nor_more_than_a_login(admin_url: str, service: str) -> None:
    with psycopg.connect(admin_url) as sql:
        powers = sql.execute(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
            " from pg_roles where rolname = %s",
            [service],
        ).fetchone()
        owned = sql.execute(
            "select count(*) from pg_class where relowner = %s::regrole", [service]
        ).fetchone()
        member = sql.execute(
            "select count(*) from pg_auth_members where member = %s::regrole", [service]
        ).fetchone()

    assert powers == (False, False, False, False, False, True)
    assert owned == (0,)
    assert member == (0,)


@pytest.mark.parametrize("service", RECORDED)
@pytest.mark.parametrize(
    "statement",
    [
        "create table mine ()",
        "create table public.mine ()",
        "create temporary table mine ()",
        "update log set body = null",
        "delete from log",
        "truncate log",
        "update clock set shift = '1 day'",
        "delete from schema_version",
        "set role {service}_owner",
        "set role {service}_erasure",
        "alter table log disable trigger all",
        "drop table log",
    ],
)
def test_a_login_may_not(
    own_servers: Servers, admin_url: str, passwords: dict[str, str], service: str, statement: str
) -> None:
    with as_service(own_servers, service, passwords) as sql, pytest.raises(InsufficientPrivilege):
        sql.execute(statement.format(service=service).encode())


def test_the_clock_moves_in_a_demo_alone(
    own_servers: Servers, admin_url: str, passwords: dict[str, str]
) -> None:
    move = "update clock set shift = '1 day'"

    migrate(admin_url, passwords, demo=True)
    with as_service(own_servers, "referrals", passwords) as sql:
        assert sql.execute(move).rowcount == 1

    migrate(admin_url, passwords)
    with as_service(own_servers, "referrals", passwords) as sql, pytest.raises(InsufficientPrivilege):
        sql.execute(move)


def test_files_are_applied_in_order_and_once(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("create table trial.a (t text default '100 % :x; {y}'); select 1;")
    with engine.begin() as connection:
        assert migrations.apply(connection, tmp_path, schema="trial", version_table="v") == ["0001_a"]
    (tmp_path / "0002_b.sql").write_text("alter table trial.a add b int")
    (tmp_path / "0003_c.sql").write_text("alter table trial.a drop b")

    with engine.begin() as connection:
        applied = migrations.apply(connection, tmp_path, schema="trial", version_table="v")

    assert applied == ["0002_b", "0003_c"]


def test_all_of_a_run_or_none_of_it(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("create table trial.a ()")
    (tmp_path / "0002_b.sql").write_text("create table trial.a ()")

    with pytest.raises(ProgrammingError), engine.begin() as connection:
        migrations.apply(connection, tmp_path, schema="trial", version_table="v")

    with engine.begin() as connection:
        assert connection.execute(text("select to_regclass('trial.a')")).scalar() is None


def test_an_older_release_refuses_a_newer_schema(engine: Engine, tmp_path: Path) -> None:
    newer = tmp_path / "0002_b.sql"
    (tmp_path / "0001_a.sql").write_text("create table trial.a ()")
    newer.write_text("create table trial.b ()")
    with engine.begin() as connection:
        migrations.apply(connection, tmp_path, schema="trial", version_table="v")
    newer.unlink()

    with pytest.raises(Exception, match="0002_b"), engine.begin() as connection:
        migrations.apply(connection, tmp_path, schema="trial", version_table="v")


@pytest.mark.long
def test_a_held_lock_fails_the_run_instead_of_queueing_the_service(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").write_text("create table trial.a ()")
    with engine.begin() as connection:
        migrations.apply(connection, tmp_path, schema="trial", version_table="v")
    (tmp_path / "0002_b.sql").write_text("alter table trial.a add b int")

    with engine.begin() as holder:
        holder.execute(text("select * from trial.a"))
        with pytest.raises(Exception, match="lock timeout"), engine.begin() as connection:
            migrations.apply(connection, tmp_path, schema="trial", version_table="v")
