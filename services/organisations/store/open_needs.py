"""Our copy of which needs an organisation is the home of: written by the reactions, asked before it rests."""

from __future__ import annotations

from uuid import UUID

from shared.database import Connection

from . import rows

_ADD = "insert into open_needs (organisation_id, need_id) values (%s, %s) on conflict do nothing"


async def add(sql: Connection, organisation_id: UUID, need_id: UUID) -> None:
    await sql.execute(_ADD, (organisation_id, need_id))


async def take_out(sql: Connection, organisation_id: UUID, need_id: UUID) -> None:
    query = "delete from open_needs where organisation_id = %s and need_id = %s"
    await sql.execute(query, (organisation_id, need_id))


async def count(sql: Connection, organisation_id: UUID) -> int:
    """How many needs the organisation is the home of, as far as we have heard."""
    query = "select count(*) as needs from open_needs where organisation_id = %s"
    needs: int = (await rows.one(sql, query, organisation_id))["needs"]
    return needs
