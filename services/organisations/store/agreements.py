"""Agreements."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain.agreement import Agreement
from . import rows


def as_agreement(row: DictRow) -> Agreement:
    return Agreement(
        id=row["id"],
        parties=tuple(row["parties"]),
        name=row["name"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


async def load(sql: Connection, agreement_id: UUID) -> Agreement:
    return as_agreement(await rows.one(sql, "select * from agreements where id = %s", agreement_id))


async def add(sql: Connection, agreement: Agreement) -> None:
    await sql.execute(
        "insert into agreements"
        " (id, organisation_id, parties, name, valid_from, valid_until, ended_at, version)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            agreement.id,
            agreement.organisation_id,
            [*agreement.parties],
            agreement.name,
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
