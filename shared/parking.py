"""Parked events: set aside with every later one of their subject, in order, until they can be handled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from .database import Connection
from .envelope import Row

RETRIES_S = (10, 60, 600, 3600)
"""Seconds until a parked event tries itself again; after the last it waits for an operator."""

MANY = 20
"""So many subjects parked within a minute are a bad release, not poison."""

UNKNOWN_TYPE = "UnknownType"
BEHIND = "Behind"
"""The error of an event that is parked only because an earlier one of its subject is."""

_PARK = """
insert into parked (stream, seq, event_id, subject, type, entry, error, due_at, parked_at)
values (%s, %s, %s, %s, %s, %s, %s, app_now() + %s * interval '1 second', app_now())
on conflict (stream, seq) do nothing
"""

_FIRST = """
select seq, tries, entry, subject from parked where stream = %s and subject = %s order by seq limit 1
"""

_DUE = """
select subject from (
    select distinct on (subject) subject, due_at from parked where stream = %s order by subject, seq
) as first where due_at <= app_now() limit 1
"""

_TRY = """
update parked set tries = tries + 1, due_at = app_now() + (%s::int[])[tries + 2] * interval '1 second'
where stream = %s and seq = %s
"""

_MANY = """
select count(distinct subject) as subjects from parked
where stream = %s and error <> %s and parked_at > app_now() - interval '1 minute'
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """The first parked event of a subject."""

    seq: int
    tries: int
    row: Row


async def park(sql: Connection, stream: str, row: Row, error: str) -> None:
    """Set an event aside; ``error`` is a class and a code, never a text."""
    said = row.content
    values = (stream, row.seq, row.event_id, said["subject"], said["type"], Jsonb(row.cloud_event("")), error)
    await sql.execute(_PARK, (*values, RETRIES_S[0]))


async def subjects(sql: Connection, stream: str) -> set[str]:
    """The subjects that have anything parked."""
    rows = await sql.execute("select distinct subject from parked where stream = %s", [stream])
    return {str(row["subject"]) for row in await rows.fetchall()}


async def first(sql: Connection, stream: str, subject: UUID) -> Parked | None:
    """The subject's earliest parked event."""
    row = await (await sql.execute(_FIRST, [stream, subject])).fetchone()
    return Parked(row["seq"], row["tries"], Row.from_wire(row["entry"])) if row else None


async def due(sql: Connection, stream: str) -> UUID | None:
    """A subject whose first parked event's time to try again has come."""
    row = await (await sql.execute(_DUE, [stream])).fetchone()
    return row["subject"] if row else None


async def count_try(sql: Connection, stream: str, seq: int) -> None:
    """Note a try before it is made, so that one that kills the process is counted."""
    await sql.execute(_TRY, [list(RETRIES_S), stream, seq])


async def remove(sql: Connection, stream: str, seq: int) -> datetime:
    """Forget a parked event that has been handled; the database's time."""
    await sql.execute("delete from parked where stream = %s and seq = %s", [stream, seq])
    row = await (await sql.execute("select app_now() as at")).fetchone()
    assert row is not None  # noqa: S101 - a constant always gives a row
    at: datetime = row["at"]
    return at


async def blame(sql: Connection, stream: str, seq: int, error: str) -> None:
    """Note why the last try failed."""
    await sql.execute("update parked set error = %s where stream = %s and seq = %s", [error, stream, seq])


async def hasten(sql: Connection, subject: UUID) -> int:
    """Make a subject's parked events due now; how many there are."""
    query = "update parked set due_at = app_now(), tries = 0 where subject = %s"
    return (await sql.execute(query, [subject])).rowcount


async def hasten_types(sql: Connection, stream: str, types: Sequence[str]) -> None:
    """Make events due whose type the code did not know and now does."""
    query = "update parked set due_at = app_now() where stream = %s and error = %s and type = any(%s)"
    await sql.execute(query, [stream, UNKNOWN_TYPE, list(types)])


async def too_many(sql: Connection, stream: str) -> bool:
    """Whether so many subjects were parked within a minute that the release must be at fault."""
    row = await (await sql.execute(_MANY, [stream, BEHIND])).fetchone()
    return bool(row and row["subjects"] >= MANY)


async def listed(sql: Connection) -> list[dict[str, Any]]:
    """Every parked event, for ``/positions``."""
    columns = "stream, seq, event_id, subject, type, error, parked_at, tries"
    query = f"select {columns} from parked order by stream, seq"  # noqa: S608 - constant columns
    return await (await sql.execute(query)).fetchall()
