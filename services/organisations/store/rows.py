"""Single rows, and the record of which fields a version altered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.errors import NotFound


async def one(sql: Connection, query: str, *values: Any) -> DictRow:
    """The row, or ``NotFound``: another tenant's row is not there either."""
    row = await first(sql, query, *values)
    if row is None:
        raise NotFound
    return row


async def first(sql: Connection, query: str, *values: Any) -> DictRow | None:
    """The first row, if there is one."""
    return await (await sql.execute(query, values)).fetchone()


async def note_change(sql: Connection, thing_id: UUID, version: int, fields: Iterable[str]) -> None:
    """Remember what the version altered."""
    await sql.execute(
        "insert into changes (thing_id, version, fields, at) values (%s, %s, %s, app_now())",
        (thing_id, version, sorted(fields)),
    )


async def changed_since(sql: Connection, thing_id: UUID, version: int) -> list[str]:
    """The fields altered after the version, in alphabetical order."""
    rows = await sql.execute(
        "select distinct unnest(fields) as field from changes"
        " where thing_id = %s and version > %s order by field",
        (thing_id, version),
    )
    return [row["field"] async for row in rows]
