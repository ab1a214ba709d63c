"""What stands in the tables of consents and disclosures is what the ledger says last."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from services.referrals.queries.ledger import RECORDS
from shared.events.base import ItemField
from tests.integration.referrals.chronicle import Chronicle

pytestmark = pytest.mark.xdist_group("chronicle")

COLUMNS = """
select c.column_name as name, c.udt_name as kind from information_schema.columns c
where c.table_schema = 'referrals' and c.table_name = %(table)s and c.udt_name <> 'bytea'
"""
OTHER = {
    "timestamptz": "coalesce({}, app_now()) + interval '1 second'",
    "uuid": "gen_random_uuid()",
    "int4": "{} + 1",
    "bool": "not {}",
    "_text": "array['other']",
    "text": "'other'",
    "jsonb": "'[]'",
}
"""Another value of a column, by its type."""

IDENTIFYING = {"id", "consent_id", "version", "from_organisation_id"}
"""What a record is known by: with another it is gone, and another was never entered."""

ACTS = {
    "consents": {"given", "refused", "renewed", "ended", "changed"},
    "consent_narrowings": {"narrowed"},
    "disclosures": {"disclosed", "moved", "closed"},
    "disclosure_locks": {"locked"},
    "disclosure_receipts": {"answered"},
}


async def constraints(chronicle: Chronicle, table: str) -> str:
    """Statements that drop what checks the table's values."""
    query = """
    select conname as name from pg_constraint
    where conrelid = %(table)s::regclass and contype in ('c', 'f')
    """
    found = await chronicle.sql(query, {"table": table})
    return ";".join(f"alter table {table} drop constraint {one['name']}" for one in found)


async def test_every_act_is_entered(chronicle: Chronicle) -> None:
    query = "select record, array_agg(distinct act) as acts from ledger group by record"

    rows = await chronicle.sql(query, as_=chronicle.sender.organisation_id)

    assert {row["record"]: set(row["acts"]) for row in rows} == ACTS


async def test_the_ledger_holds_nothing_that_was_said(chronicle: Chronicle) -> None:
    rows = await chronicle.sql("select said::text as said from ledger", as_=chronicle.sender.organisation_id)

    everything = "".join(row["said"] for row in rows)
    for word in ("Amina", "070-174", "somaliska", "språkcafé", "får inte", "bokföringslagen"):
        assert word not in everything
    assert str(ItemField.GIVEN_NAME) in everything


@pytest.mark.parametrize("table", RECORDS)
async def test_a_column_that_a_superuser_changed_is_named(chronicle: Chronicle, table: str) -> None:
    columns = await chronicle.sql(COLUMNS, {"table": table})
    free = await constraints(chronicle, table)
    assert len(columns) > 5

    for column in columns:
        name, other = column["name"], OTHER[column["kind"]].format(column["name"])
        found = await chronicle.found(f"{free}; update {table} set {name} = {other}")  # noqa: S608

        assert found, name
        assert any(f": {table} " in one for one in found), name
        if name not in IDENTIFYING:
            assert all(one.endswith(f"stands otherwise in {name}") for one in found), found


@pytest.mark.parametrize("table", RECORDS)
async def test_a_record_that_is_gone_or_was_never_entered_is_named(chronicle: Chronicle, table: str) -> None:
    free = await constraints(chronicle, table)
    deleted = await chronicle.found(f"{free}; delete from {table}")  # noqa: S608
    key = "version = 99" if table == "consent_narrowings" else "id = uuidv7()"
    copied = f"create temporary table copied as select * from {table} limit 1; update copied set {key};"  # noqa: S608

    added = await chronicle.found(
        f"{free}; drop index if exists one_live_answer_of_a_kind; {copied} insert into {table} table copied"
    )

    assert deleted
    assert all("is gone from its table" in one for one in deleted)
    assert [one.rpartition(": ")[2] for one in added] == ["stands in its table, and was never entered"]


@pytest.mark.parametrize(
    "change",
    [
        "update consents set valid_until = valid_until + interval '1 year' where ended_at is null",
        "update disclosures set fields = '{}'",
    ],
)
async def test_what_no_command_may_change_is_not_entered_even_with_the_triggers(
    chronicle: Chronicle, change: str
) -> None:
    async with chronicle.tampered() as sql:
        await sql.execute("set local session_replication_role = origin")
        await sql.execute(change.encode())
        found = await chronicle.audited(sql)

    assert found
    assert all("stands otherwise in" in one for one in found)


@pytest.mark.parametrize(
    "change",
    [
        "update consents set ended_at = null, ended_how = null where ended_at is not null",
        "update consents set ended_at = app_now() where ended_at is not null",
        "update disclosures set locked_at = null where locked_at is not null",
    ],
)
async def test_an_end_is_never_unsaid(chronicle: Chronicle, change: str) -> None:
    with pytest.raises(InsufficientPrivilege, match="stays ended"):
        await chronicle.as_owner(change)


async def test_an_entry_is_bound_in_the_order_of_the_acts(chronicle: Chronicle) -> None:
    query = """
    select l.act, k.number from ledger l join chain_links k on k.entry_id = l.id
    where l.record = 'consents' and l.key = %(key)s order by l.position
    """
    values: dict[str, Any] = {"key": chronicle.referral["consent_ids"][0]}

    rows = await chronicle.sql(query, values, as_=chronicle.sender.organisation_id)

    assert [row["act"] for row in rows] == ["given", "ended"]
    assert rows[0]["number"] < rows[1]["number"]
