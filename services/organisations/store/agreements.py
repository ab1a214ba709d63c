"""Agreements."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.organisations import AgreementKind

from ..domain.agreement import Agreement
from . import rows


def as_agreement(row: DictRow) -> Agreement:
    return Agreement(
        id=row["id"],
        kind=AgreementKind(row["kind"]),
        parties=tuple(row["parties"]),
        name=row["name"],
        activities=tuple(row["activities"]),
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


async def load(sql: Connection, agreement_id: UUID) -> Agreement:
    return as_agreement(await rows.one(sql, "select * from agreements where id = %s", agreement_id))


async def between(sql: Connection, parties: Sequence[UUID], kind: AgreementKind) -> list[Agreement]:
    """The agreements of a kind that exactly these have and nobody has ended, oldest first."""
    query = """
    select * from agreements
    where parties @> %(all)s and parties <@ %(all)s and kind = %(kind)s and ended_at is null order by id
    """
    rows = await (await sql.execute(query, {"all": [*parties], "kind": kind})).fetchall()
    return [*map(as_agreement, rows)]


async def add(sql: Connection, agreement: Agreement) -> None:
    await sql.execute(
        "insert into agreements"
        " (id, organisation_id, kind, parties, name, activities, valid_from, valid_until, ended_at, version)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            agreement.id,
            agreement.organisation_id,
            agreement.kind,
            [*agreement.parties],
            agreement.name,
            [*agreement.activities],
            agreement.valid_from,
            agreement.valid_until,
            agreement.ended_at,
            agreement.version,
        ),
    )


async def save(sql: Connection, agreement: Agreement) -> None:
    await sql.execute(
        "update agreements set ended_at = %s, version = %s where id = %s",
        (agreement.ended_at, agreement.version, agreement.id),
    )
