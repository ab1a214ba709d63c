"""Through SQL as the service's own role: another organisation sees, alters and adds nothing, in any table.

A row is made up for every table that the catalogue has, so that a new one is swept without being named.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import Error, sql
from psycopg.errors import InsufficientPrivilege

from deploy.keys import RECORDED
from tests.integration.walls.conftest import Connection
from tests.integration.walls.tenants import READ_BY_ALL, TENANT, Table, walled

OURS, THEIRS = "00000000-0000-7000-8000-00000000000a", "00000000-0000-7000-8000-00000000000b"
READ_BY_NO_LOGIN = "referrals.concealed"
NOT_SEEN_BY_ITSELF = {
    "referrals.disclosure_items": "its holder reads it, while a consent lives",
    READ_BY_NO_LOGIN: "no login reads it",
    "referrals.consent_narrowings": "it is seen with its consent",
    "referrals.need_turns": "it is seen with its need",
    "referrals.need_words": "they are seen with their need",
    "referrals.outcome_words": "they are seen with their outcome",
}
"""Tables whose lone row shows itself to nobody, for it is seen by way of others."""

COLUMNS = """
select attname as name, format_type(atttypid, null) as kind, attname ~ %(tenant)s as names_tenant
from pg_attribute
where attrelid = %(table)s::regclass and attnum > 0 and not attisdropped
    and attidentity = '' and attgenerated = '' and attname <> 'erased_at'
order by attnum
"""
CONSTRAINTS = """
select conrelid::regclass::text as name, conname from pg_constraint
where contype in ('c', 'f') and connamespace::regnamespace::text = any (%s) and conrelid <> 0
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "bytea": "'x'",
    "json": "'{}'",
    "jsonb": "'{}'",
    "text": "'open'",
    "text[]": "'{x}'",
    "uuid[]": f"'{{{OURS}}}'",
    "integer": "1",
    "integer[]": "'{1}'",
    "bigint": "1",
    "boolean": "true",
    "date": "'2026-01-01'",
    "timestamp with time zone": "'2026-01-01'",
}


@pytest.fixture
def planted(catalogue: Connection) -> Iterator[Connection]:
    """A row of ours in every table, free of all rules but the policies; gone afterwards."""
    with catalogue.transaction(force_rollback=True):
        catalogue.execute("set session_replication_role = replica")
        for row in catalogue.execute(CONSTRAINTS, [list(RECORDED)]).fetchall():
            dropped = sql.SQL("alter table {} drop constraint {}")
            catalogue.execute(dropped.format(sql.SQL(row.name), sql.Identifier(row.conname)))
        for table in walled(catalogue):
            catalogue.execute(insertion(catalogue, table))
        yield catalogue
    catalogue.execute("reset session_replication_role")


def insertion(admin: Connection, table: Table, tenant: str = OURS) -> sql.Composed:
    """A statement that adds a row of a tenant's; every column that names an organisation names it."""
    columns = admin.execute(COLUMNS, {"table": str(table), "tenant": TENANT}).fetchall()
    values = [
        f"'{tenant}'" if one.names_tenant or one.name == table.tenant else VALUES[one.kind] for one in columns
    ]
    return sql.SQL("insert into {} ({}) values ({})").format(
        sql.SQL(str(table)),
        sql.SQL(", ").join(sql.Identifier(one.name) for one in columns),
        sql.SQL(", ".join(values)),
    )


def act_as(connection: Connection, table: Table, tenant: str) -> None:
    connection.execute(sql.SQL("set local role {}").format(sql.Identifier(table.service)))
    connection.execute("select set_config('app.org', %s, true)", [tenant])


def done(connection: Connection, table: Table, statement: str, tenant: str) -> int:
    """How many rows of a table a statement reaches as its service, in a tenant's name; 0 if refused."""
    try:
        with connection.transaction(force_rollback=True):
            act_as(connection, table, tenant)
            query = sql.SQL(statement).format(sql.SQL(str(table)), column=sql.Identifier(table.tenant))
            return connection.execute(query).rowcount
    except InsufficientPrivilege:
        return 0


READ = "select from {}"
CHANGES = ("update {} set {column} = {column}", "delete from {}")


def seen_by(connection: Connection, tenant: str) -> set[str]:
    return {str(table) for table in walled(connection) if done(connection, table, READ, tenant)}


def test_only_its_own_organisation_sees_a_row(planted: Connection) -> None:
    every = {str(table) for table in walled(planted)}
    for_all = {f"{service}.{name}" for service, names in READ_BY_ALL.items() for name in names}

    assert seen_by(planted, OURS) == every - NOT_SEEN_BY_ITSELF.keys()
    assert seen_by(planted, THEIRS) == for_all
    assert seen_by(planted, "") == for_all


@pytest.mark.parametrize("tenant", [THEIRS, ""])
def test_nobody_else_alters_a_row(planted: Connection, tenant: str) -> None:
    reached = [
        (str(table), change)
        for table in walled(planted)
        for change in CHANGES
        if done(planted, table, change, tenant)
    ]

    assert reached == []


@pytest.mark.parametrize("tenant", [THEIRS, ""])
def test_nobody_adds_a_row_in_anothers_name(planted: Connection, tenant: str) -> None:
    added = [str(table) for table in walled(planted) if is_added(planted, table, tenant)]

    assert added == []


def is_added(connection: Connection, table: Table, tenant: str) -> bool:
    statement = insertion(connection, table)
    try:
        with connection.transaction(force_rollback=True):
            act_as(connection, table, tenant)
            connection.execute(statement)
    except Error as error:
        return not isinstance(error, InsufficientPrivilege)
    return True


def test_a_wall_that_is_taken_away_is_missed(planted: Connection) -> None:
    """Table by table, so that none is passed by."""
    before = seen_by(planted, THEIRS)
    unseen = [
        str(table)
        for table in walled(planted)
        if str(table) not in before and not seen_without_its_wall(planted, table)
    ]

    assert unseen == [READ_BY_NO_LOGIN]


def seen_without_its_wall(connection: Connection, table: Table) -> int:
    with connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("alter table {} disable row level security").format(sql.SQL(str(table))))
        return done(connection, table, READ, THEIRS)
