"""A listener's position in a stream: the last number handled, and the hash it stood at.

It is a row beside the effects, moved in their transaction.  A missing row is an
error, never 0: it is born once, on purpose (``shared.listen``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from . import chain
from .database import Connection
from .envelope import Row


class PositionMissing(Exception):  # noqa: N818 - a state, named as an operator would
    """The listener does not know where it stands: see ``python -m shared.listen``."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a listener stands, and the event that was being tried alone, if the process died of it."""

    seq: int
    hash: bytes
    trying: int | None = None


_MOVE = """
update positions set seq = %s, hash = %s, trying = null, moved_at = app_now() where stream = %s
returning moved_at
"""


async def hold(sql: Connection, stream: str) -> Position:
    """Lock the position until the end of the transaction, and read it."""
    query = "select seq, hash, trying from positions where stream = %s for update"
    row = await (await sql.execute(query, [stream])).fetchone()
    if row is None:
        raise PositionMissing(stream)
    return Position(**row)


async def move(sql: Connection, stream: str, row: Row) -> datetime:
    """Stand at a row; the database's time."""
    moved = await (await sql.execute(_MOVE, [row.seq, row.hash, stream])).fetchone()
    if moved is None:
        raise PositionMissing(stream)
    at: datetime = moved["moved_at"]
    return at


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
