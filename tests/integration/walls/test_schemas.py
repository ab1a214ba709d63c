"""No service can reach another's things in PostgreSQL: every object is taken from the catalogue and tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from deploy.embedded import Servers
from deploy.keys import RECORDED
from tests.integration.walls.conftest import Connection, Login

PAIRS = list(permutations(RECORDED, 2))

RELATIONS = """
select c.relname as name, c.relkind as kind,
       (select attname from pg_attribute where attrelid = c.oid and attnum = 1) as first_column
from pg_class c
where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
order by 1
"""
FUNCTIONS = """
select p.proname as name, array(select format_type(t, null) from unnest(p.proargtypes) t) as arguments
from pg_proc p where p.pronamespace = %s::regnamespace order by 1
"""
ON_ROWS = (
    "select * from {it}",
    "insert into {it} default values",
    "update {it} set {column} = default",
    "delete from {it}",
    "truncate {it}",
    "lock table {it} in access share mode",
    "drop table {it}",
)
ON_SEQUENCES = ("select * from {it}", "select nextval('{it}')", "select setval('{it}', 1)")
BECOME = ("set role {}", "set session authorization {}")
ON_SCHEMAS = (
    "create table {it}.planted ()",
    "create function {it}.planted() returns int return 1",
    "drop schema {it}",
)


def attempts(admin: Connection, schema: str) -> Iterator[str]:
    """Everything one could try on a schema and on what it holds."""
    for relation in admin.execute(RELATIONS, [schema]):
        tries = ON_SEQUENCES if relation.kind == "S" else ON_ROWS
        yield from (one.format(it=f"{schema}.{relation.name}", column=relation.first_column) for one in tries)
    for function in admin.execute(FUNCTIONS, [schema]):
        arguments = ", ".join(f"null::{kind}" for kind in function.arguments if kind != "trigger")
        yield f"select {schema}.{function.name}({arguments})"
    yield from (one.format(it=schema) for one in ON_SCHEMAS)


def is_allowed(connection: Connection, statement: str) -> bool:
    """Whether a statement gets past the privileges; any other error means that it did."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(sql.SQL(statement))
    except InsufficientPrivilege:
        return False
    except psycopg.Error:
        return True
    return True


@pytest.mark.parametrize(("service", "other"), PAIRS)
def test_a_service_reaches_nothing_of_another(
    admin: Connection, login: Login, service: str, other: str
) -> None:
    tried = list(attempts(admin, other))

    with login(service) as connection:
        allowed = [statement for statement in tried if is_allowed(connection, statement)]

    assert len(tried) > 50
    assert allowed == []


@pytest.mark.parametrize("service", RECORDED)
def test_a_service_reaches_its_own(login: Login, service: str) -> None:
    with login(service) as connection:
        assert is_allowed(connection, "select * from untold")
        assert is_allowed(connection, "insert into subjects values (gen_random_uuid())")


@pytest.mark.parametrize("grant", ["select", "insert", "update", "delete", "truncate"])
def test_a_hole_in_the_wall_is_noticed(admin: Connection, login: Login, grant: str) -> None:
    admin.execute("grant usage on schema referrals to tracing")
    admin.execute(f"grant {grant} on referrals.subjects to tracing")
    tried = [statement for statement in attempts(admin, "referrals") if "referrals.subjects" in statement]

    with login("tracing") as connection:
        allowed = [statement for statement in tried if is_allowed(connection, statement)]

    assert any(statement.startswith(grant) for statement in allowed)


GRANTED = """
select c.relname, p.privilege
from pg_class c
cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
    as p(privilege)
where c.relnamespace = %(other)s::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and has_table_privilege(%(service)s, c.oid, p.privilege)
union all
select p.proname, 'execute' from pg_proc p
where p.pronamespace = %(other)s::regnamespace and has_function_privilege(%(service)s, p.oid, 'execute')
"""


def test_nothing_is_granted_behind_the_wall_either(admin: Connection) -> None:
    granted = [
        (service, row)
        for service, other in PAIRS
        for row in admin.execute(GRANTED, {"service": service, "other": other})
    ]

    assert granted == []


@pytest.mark.parametrize("service", RECORDED)
def test_a_service_can_become_nobody_else(admin: Connection, login: Login, service: str) -> None:
    roles = [
        row.rolname for row in admin.execute("select rolname from pg_roles where rolname <> %s", [service])
    ]
    assert {"postgres", f"{service}_owner", f"{service}_erasure", *RECORDED} - {service} <= set(roles)

    with login(service) as connection:
        become = [
            how.format(role) for role in roles for how in ("set role {}", "set session authorization {}")
        ]
        assert [statement for statement in become if is_allowed(connection, statement)] == []


def test_services_own_nothing_and_are_bound_by_policies(admin: Connection) -> None:
    services = [list(RECORDED)]
    mighty = "select from pg_roles where rolname = any(%s) and (rolsuper or rolbypassrls or rolcreaterole)"
    owned = "select relname from pg_class where relowner = any(%s::regrole[])"
    member = "select roleid::regrole from pg_auth_members where member = any(%s::regrole[])"

    assert admin.execute(mighty, services).fetchall() == []
    assert admin.execute(owned, services).fetchall() == []
    assert admin.execute(member, services).fetchall() == []


@pytest.mark.parametrize("service", RECORDED)
def test_a_service_makes_nothing_outside_its_tables(servers: Servers, template: str, service: str) -> None:
    """In the migrated database itself: a copy of it does not have its privileges on the database."""
    what = ("schema planted", "table public.planted ()", "temporary table planted ()", "role planted")
    made = [f"create {thing}" for thing in (*what, f"table {service}.planted ()")]
    password = servers.secrets[f"{service.upper()}_DB_PASSWORD"]

    with psycopg.connect(servers.postgres.address_of(service, password, template)) as connection:
        assert [statement for statement in made if is_allowed(connection, statement)] == []
