"""A superuser whom no trigger hinders changes what was written once and for all; the audit names the row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from services.referrals.main import SERVICE
from shared.chain import GENESIS, hash_of
from shared.chains import links_after
from shared.checkpoint import Checkpoint, origin_of
from shared.events.base import Role
from tests.integration.referrals.chronicle import CHAINS, Chronicle
from tests.integration.referrals.damages import BESIDE, CUT, DAMAGES, FALSE_FIRST, TURN_BACK

pytestmark = pytest.mark.xdist_group("chronicle")


@pytest.mark.parametrize("chain", CHAINS)
async def test_an_audit_names_the_first_row_that_a_superuser_changed(
    chronicle: Chronicle, chain: str
) -> None:
    for name, (damage, number, what) in DAMAGES.items():
        found = await chronicle.found(damage.format(chain=chain))

        [first] = [one for one in found if one.startswith(f"{chain}, row ")]
        assert first.startswith(f"{chain}, row {number}: {what}"), name


async def test_what_nobody_touched_is_as_it_was_written(chronicle: Chronicle) -> None:
    assert await chronicle.found("select") == []


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_row_that_was_put_in_beside_the_chain_is_named(chronicle: Chronicle, chain: str) -> None:
    [found, *_] = await chronicle.found(BESIDE[chain])

    assert found.startswith(f"{chain}: ")
    assert found.endswith(" was never bound")


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_tail_that_was_cut_is_missing_to_the_signed_head(chronicle: Chronicle, chain: str) -> None:
    size = (await chronicle.sizes())[chain]

    [found, *_] = await chronicle.found(CUT.format(chain=chain, left=size - 2))

    assert found == f"{chain}, row {size - 1}: missing: its signed head is of {size} rows"


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_tail_that_was_cut_to_an_older_head_is_missing_to_who_kept_a_later(
    chronicle: Chronicle, chain: str
) -> None:
    kept = await chronicle.fetched()
    left, size = await chronicle.first_signed(chain), (await chronicle.sizes())[chain]
    damage = (CUT + TURN_BACK).format(chain=chain, left=left)

    [to_us, *_] = await chronicle.found(damage)
    async with chronicle.tampered(damage + "; truncate chain_witnesses") as sql:
        # Nothing in the database shows it any more, but the tables that the ledger is of.
        alone = [one for one in await chronicle.audited(sql) if "row" in one.split(":")[0]]
    async with chronicle.tampered(damage + "; truncate chain_witnesses") as sql:
        [to_them, *_] = await chronicle.audited(sql, kept)

    ours = [chronicle.association.organisation_id, chronicle.sender.organisation_id]
    missing = f"{chain}, row {left + 1}: missing: the head that "
    assert to_us in [f"{missing}{one} fetched is of {size} rows" for one in ours]
    assert alone == []
    assert to_them == f"{missing}was kept is of {size} rows"


async def rewrite(chronicle: Chronicle, sql: Any, chain: str, *, with_key: bool) -> None:
    """Another first row, and every hash after it made anew; signed anew by who has the service's key."""
    await sql.execute(FALSE_FIRST.format(chain=chain).encode())
    key, previous = SERVICE.teller(chronicle.network.settings("referrals")).key, GENESIS
    for link in await links_after(sql, chain, 0, 10_000):
        previous = hash_of(previous, link.number, link.entry_id, link.digest)
        signature = Checkpoint(origin_of("referrals", chain), link.number, previous).signed(key)
        kept = signature if with_key and link.signature else link.signature
        values = [previous, kept, chain, link.number]
        await sql.execute(
            "update chain_links set hash = %s, signature = %s where chain = %s and number = %s", values
        )
    await sql.execute(
        "update chain_heads h set hash = k.hash, signature = k.signature from chain_links k"
        " where (k.chain, k.number) = (h.chain, h.number) and h.chain = %s",
        [chain],
    )
    await sql.execute("truncate chain_witnesses")


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_rewriting_from_the_first_row_is_signed_by_nobody(chronicle: Chronicle, chain: str) -> None:
    async with chronicle.tampered() as sql:
        await rewrite(chronicle, sql, chain, with_key=False)
        found = await chronicle.audited(sql)

    first = await chronicle.first_signed(chain)
    assert f"{chain}, row {first}: its signature is not the service's" in found


@pytest.mark.parametrize("chain", CHAINS)
async def test_a_rewriting_with_the_current_key_is_found_by_another_organisations_head(
    chronicle: Chronicle, chain: str
) -> None:
    kept = await chronicle.fetched()
    size = (await chronicle.sizes())[chain]

    async with chronicle.tampered() as sql:
        await rewrite(chronicle, sql, chain, with_key=True)
        await sql.execute("savepoint rewritten")
        alone = await chronicle.audited(sql)
        await sql.execute("rollback to rewritten")
        found = await chronicle.audited(sql, kept)

    assert alone == []
    assert found == [
        f"{chain}, row {size}: it or a row before it is another than the head that was kept says"
    ]


async def test_a_head_that_was_not_signed_with_the_services_key_proves_nothing(chronicle: Chronicle) -> None:
    [one, *_] = await chronicle.fetched()
    forged = replace(one, checkpoint=replace(one.checkpoint, size=1))

    async with chronicle.tampered() as sql:
        found = await chronicle.audited(sql, [forged])

    assert "access_log: the head that was kept is not signed by the service's key" in found


@pytest.mark.parametrize("chain", CHAINS)
async def test_erasure_takes_the_content_and_the_chain_still_verifies(
    chronicle: Chronicle, chain: str
) -> None:
    blank = {"ledger": "said = null", "access_log": "object_id = null, actor_id = null"}[chain]
    async with chronicle.tampered() as sql:
        await sql.execute("set local session_replication_role = origin")
        await sql.execute("alter table ledger no force row level security")
        await sql.execute("alter table access_log no force row level security")
        await sql.execute("set local role referrals_owner")
        await sql.execute(f"update {chain} set {blank}, salt = null where true".encode())  # noqa: S608
        await sql.execute("reset role")
        await sql.execute("alter table ledger force row level security")
        await sql.execute("alter table access_log force row level security")
        assert await chronicle.audited(sql) == []


@pytest.mark.parametrize("table", [*CHAINS, "chain_links", "chain_heads"])
@pytest.mark.parametrize("damage", ["update {} set {} = {}", "delete from {}", "truncate {} cascade"])
async def test_not_even_the_owner_changes_what_was_written(
    chronicle: Chronicle, table: str, damage: str
) -> None:
    column = "number" if table.startswith("chain") else "at"
    value = "number - 1" if table == "chain_heads" else column

    with pytest.raises(InsufficientPrivilege):
        await chronicle.as_owner(damage.format(table, column, value))


@pytest.mark.parametrize(
    ("table", "may"),
    [
        ("ledger", "SELECT"),
        ("access_log", "INSERT SELECT"),
        ("chain_links", "INSERT SELECT"),
        ("chain_heads", "SELECT UPDATE"),
        ("unchained", "DELETE SELECT"),
    ],
)
async def test_the_services_login_may_look_and_add(chronicle: Chronicle, table: str, may: str) -> None:
    rights = "string_agg(privilege_type, ' ' order by privilege_type::text)"
    query = f"select {rights} as may from information_schema.role_table_grants"  # noqa: S608
    where = f" where grantee = 'referrals' and table_schema = 'referrals' and table_name = '{table}'"

    [found] = await chronicle.sql(query + where)

    assert found["may"] == may


async def test_only_who_looks_after_an_organisation_fetches_heads(chronicle: Chronicle) -> None:
    for role in (Role.ORGANISATION_ADMIN, Role.LOG_REVIEWER):
        answer = await chronicle.get("/ledger/head", chronicle.token(chronicle.sender, role))
        assert {head["chain"]: head["size"] for head in answer["heads"]} == await chronicle.sizes()
    refused = await chronicle.call("GET", "/ledger/head", chronicle.sender)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-missing")
