"""What the ledger says last of consents and disclosures, beside what stands in their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.chain import Head
from shared.chains import Books, Finding, heads, witness
from shared.database import Connection, Transaction
from shared.heads import LOG
from shared.heads import READERS as READERS

CHAIN = "ledger"

RECORDS = ("consents", "consent_narrowings", "disclosures", "disclosure_locks", "disclosure_receipts")

_STANDING = " union all ".join(
    f"select '{table}' as record, key_of(to_jsonb(t)) as key, entry_of(to_jsonb(t)) as said from {table} t"  # noqa: S608
    " where t.from_organisation_id = nullif(current_setting('app.org', true), '')::uuid"
    for table in RECORDS
)

# Of a key that is said twice the later holds.  What was erased of a record is compared no more.
_OTHERWISE = f"""
with said as (
    select l.record, l.key,
        jsonb_object_agg(part.key, part.value order by l.position)
            filter (where part.key is not null) as said,
        min(k.number) as number, bool_or(l.said is null) as is_erased
    from ledger l
    left join jsonb_each(l.said) part on true
    left join chain_links k on k.chain = 'ledger' and k.entry_id = l.id
    group by l.record, l.key
),
standing as ({_STANDING})
select record, key, said.number, said.said, standing.said as stands
from said full join standing using (record, key)
where said.said is distinct from standing.said and not coalesce(said.is_erased, false)
order by said.number, record, key
"""  # noqa: S608 - constant text


async def otherwise(sql: Connection) -> list[Finding]:
    """Where a record of the tenant's stands otherwise than the ledger says."""
    # What is locked is hidden from those who read, not from who compares.
    await sql.execute("select set_config('app.books', 'open', true)")
    rows = await (await sql.execute(_OTHERWISE.encode())).fetchall()
    await sql.execute("select set_config('app.books', '', true)")
    return [
        Finding(chain=CHAIN, number=None, what=f"{row['record']} {row['key']}: {_difference(row)}")
        for row in rows
    ]


def _difference(row: dict[str, Any]) -> str:
    if row["said"] is None:
        return "stands in its table, and was never entered"
    if row["stands"] is None:
        return f"entered at row {row['number']}, is gone from its table"
    said, stands = row["said"], row["stands"]
    other = sorted(name for name in said.keys() | stands.keys() if said.get(name) != stands.get(name))
    return f"entered at row {row['number']}, stands otherwise in {', '.join(other)}"


BOOKS = Books(
    chains=("access_log", CHAIN), tenants="select id from organisations order by id", compare=otherwise
)


async def fetched_heads(tx: Transaction, told: Sequence[Head]) -> list[dict[str, Any]]:
    """The signed heads of all chains; the caller's organisation has these and the log's from now on."""
    tx.actor.must_be(*READERS)
    found = await heads(tx.sql)
    logs = [{"chain": LOG, "number": one.seq, "hash": one.hash} for one in told]
    await witness(tx.sql, [*found, *logs])
    return found
