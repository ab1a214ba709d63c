"""A listener's position in a stream: the last number handled, and the hash it stood at.

It is a row beside the effects, moved in their transaction.  A missing row is an
error, never 0: it is born once, on purpose (``shared.listen``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncCursor
from psycopg.rows import DictRow

from . import chain
from .database import Connection
from .envelope import Row


class PositionMissing(Exception):  # noqa: N818 - a state, named as an operator would
    """The listener does not know where it stands: see ``python -m shared.listen``."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a listener stands.

    ``trying``: the event that was being tried alone, if the process died of it.
    ``some_parked``: whether the stream may have parked events; ``False`` is certain.
    """

    seq: int
    hash: bytes
    trying: int | None = None
    some_parked: bool = True


_MOVE = """
update positions set seq = %s, hash = %s, trying = null, moved_at = app_now() where stream = %s
returning moved_at
"""


async def hold(sql: Connection, stream: str) -> Position:
    """Lock the position until the end of the transaction, and read it."""
    query = "select seq, hash, trying, some_parked from positions where stream = %s for update"
    row = await (await sql.execute(query, [stream])).fetchone()
    if row is None:
        raise PositionMissing(stream)
    return Position(**row)


async def move(sql: Connection, stream: str, row: Row) -> AsyncCursor[DictRow]:
    """Stand at a row; its answer is ``moved_at``, which may be read once the transaction has ended."""
    return await sql.execute(_MOVE, [row.seq, row.hash, stream])


async def moved_at(answer: AsyncCursor[DictRow]) -> datetime:
    """The database's time."""
    moved = await answer.fetchone()
    assert moved is not None  # noqa: S101 - the row is locked, so it is there
    at: datetime = moved["moved_at"]
    return at


async def note_none_parked(sql: Connection, stream: str) -> None:
    """Say that nothing is parked, found under the position's lock; parking unsays it."""
    await sql.execute("update positions set some_parked = false where stream = %s", [stream])


async def try_alone(sql: Connection, stream: str, seq: int) -> None:
    """Note, before it is run, that one event is being tried by itself."""
    await sql.execute("update positions set trying = %s where stream = %s", [seq, stream])


async def rebase(sql: Connection, stream: str, row: Row) -> None:
    """Stand at the same number of a history that was voided and signed anew."""
    query = "update positions set hash = %s where stream = %s and seq = %s"
    await sql.execute(query, [row.hash, stream, row.seq])


async def bear(sql: Connection, stream: str, *, seq: int = 0, row_hash: bytes = chain.GENESIS) -> bool:
    """Create a position; ``False`` if there is one already, which is left alone."""
    query = """
    insert into positions (stream, seq, hash, moved_at) values (%s, %s, %s, app_now()) on conflict do nothing
    """
    return (await sql.execute(query, [stream, seq, row_hash])).rowcount == 1
