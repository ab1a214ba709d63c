"""Only the keys' own role reaches the keys, and it reaches nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from deploy.keys import RECORDED
from shared.ids import new_id
from tests.keys import TEMPLATE as KEYS
from tests.servers import Servers

NOT_ITS_OWN = (
    "create table keys.planted ()", "create table public.planted ()", "create schema planted",
    "create temporary table planted ()", "create role planted", "set role keys_owner", "set role postgres",
    "truncate keys.keys", "drop table keys.erased", "alter table keys.erased disable trigger all",
    "delete from keys.erased", "update keys.erased set at = at", "delete from keys.schema_version",
    "update keys.keys set org_id = org_id", "update keys.keys set person_id = person_id",
    "update keys.owners set person_id = person_id",
)  # fmt: skip


@pytest.fixture
def keys(servers: Servers, template: str) -> Iterator[psycopg.Connection]:
    """The keys' role in the keys' database."""
    password = servers.secrets["KEYS_DB_PASSWORD"]
    with psycopg.connect(servers.postgres.address_of("keys", password, KEYS), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("service", RECORDED)
def test_no_service_enters_the_keys_with_its_own_login(servers: Servers, template: str, service: str) -> None:
    password = servers.secrets[f"{service.upper()}_DB_PASSWORD"]

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(servers.postgres.address_of(service, password, KEYS))


def test_the_keys_role_enters_no_other_database_of_ours(servers: Servers, template: str) -> None:
    password = servers.secrets["KEYS_DB_PASSWORD"]

    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(servers.postgres.address_of("keys", password, template))


@pytest.mark.parametrize("statement", NOT_ITS_OWN)
def test_the_keys_role_may_do_no_more_than_it_must(keys: psycopg.Connection, statement: str) -> None:
    with pytest.raises((InsufficientPrivilege, psycopg.errors.UndefinedTable)), keys.transaction():
        keys.execute(sql.SQL(statement))


def test_what_it_must_it_may(keys: psycopg.Connection) -> None:
    person, organisation = new_id(), new_id()
    with keys.transaction(force_rollback=True):
        keys.execute("insert into owners values (%s, %s)", [person, organisation])
        keys.execute("insert into keys values (%s, %s, %s, 1, '')", [person, organisation, person])
        keys.execute("update keys set version = 2, wrapped = 'x'")
        keys.execute("insert into erased values (%s, %s, %s, now())", [person, person, organisation])
        keys.execute("delete from owners where person_id = %s", [person])
        assert keys.execute("select from keys where person_id = %s", [person]).fetchall() == []


def test_the_role_of_the_keys_is_a_login_and_no_more(keys: psycopg.Connection) -> None:
    powers = keys.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin"
        " from pg_roles where rolname = 'keys'"
    ).fetchone()
    owned = keys.execute("select from pg_class where relowner = 'keys'::regrole").fetchall()

    assert powers == (False, False, False, False, False, True)
    assert owned == []
