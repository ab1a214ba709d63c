"""The log: an event is told in the command's own transaction, and the relay numbers it and copies it out.

To tell is to write a row of ``untold``.  The relay moves rows to ``log`` in write
order, giving each the next gapless number and its hash, commits, and only then
copies the log to the Redis stream with the number as the entry's id.  The
stream may be lost whole: what it lacks is copied again.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from . import chain, crash
from .envelope import Row, instant
from .events import Event

if TYPE_CHECKING:
    from .database import Connection

ROUND = 500
"""The most rows that one round numbers."""

TELL = """
insert into untold (event_id, type, subject, time, organisation_id,
                    actor, correlation_id, causation_id, traceparent, body)
select id, type, subject, app_now(), organisation, actor, correlation, causation, traceparent, body
from rows from (jsonb_to_recordset(%s) as (
    id uuid, type text, subject uuid, organisation uuid, actor text,
    correlation uuid, causation uuid, traceparent text, body jsonb
)) with ordinality
    as told (id, type, subject, organisation, actor, correlation, causation, traceparent, body, nth)
where not exists (select from log where event_id = id)
order by nth
on conflict (event_id) do nothing
"""
"""Writes events to ``untold`` in the order they were told.

The event of a reaction has an id derived from its cause, and a second row of
that id is refused: a replay tells nothing twice.
"""


def untold(event: Event, said: Mapping[str, Any], organisation_id: UUID | None) -> dict[str, Any]:
    """An event's row of ``untold``; the command's own transaction writes it."""
    body = event.model_dump(mode="json")
    return {
        **said,
        "type": event.type,
        "subject": event.subject,
        "organisation": organisation_id,
        "body": body,
    }


@dataclass(frozen=True, slots=True)
class Teller:
    """A service that tells: its name, its stream and the key that signs its heads."""

    name: str
    key: Ed25519PrivateKey

    @property
    def stream(self) -> str:
        return stream_of(self.name)

    @property
    def source(self) -> str:
        return source_of(self.name)


def stream_of(service: str) -> str:
    """The stream that a service tells on."""
    return f"events:{service}"


def source_of(service: str) -> str:
    """The CloudEvents source of a service's events."""
    return f"/services/{service}"


_HEAD = "select seq, hash, epoch from log order by seq desc limit 1"

# The head comes with every row, and alone when nothing is untold: one statement, so one look at both.
# The columns come as the texts that the wire has, in the order of ``chain.DIGESTED``.
_TAKE = f"""
with head as ({_HEAD}), taken as (select * from untold order by position limit %s)
select head.seq, head.hash, head.epoch,
    taken.position, taken.event_id, log.event_id is not null as told_before,
    taken.type, taken.subject::text,
    to_char(taken.time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), taken.organisation_id::text,
    taken.actor, taken.correlation_id::text, taken.causation_id::text, taken.traceparent, taken.body
from (select) as one left join head on true left join taken on true left join log using (event_id)
order by position
"""  # noqa: S608 - constant text

# The rows move inside PostgreSQL; each one's salt, digest and hash come as 80 bytes of one value.
_NUMBER = """
with taken as (delete from untold where position = any(%(taken)s) returning *)
insert into log (seq, epoch, event_id, type, subject, time, organisation_id, actor, correlation_id,
    causation_id, traceparent, body, salt, digest, hash, signature)
select %(after)s + n, %(epoch)s, event_id, type, subject, time, organisation_id, actor, correlation_id,
    causation_id, traceparent, body, substr(%(made)s, (n * 80 - 79)::int, 16),
    substr(%(made)s, (n * 80 - 63)::int, 32), substr(%(made)s, (n * 80 - 31)::int, 32),
    case when n = cardinality(%(numbered)s) then %(signature)s::bytea end
from unnest(%(numbered)s) with ordinality as numbered (position, n) join taken using (position)
"""

_COLUMNS = (
    "seq, epoch, event_id, type, subject, time, organisation_id, actor, correlation_id, causation_id,"
    " traceparent, body, salt, digest, hash, signature"
)


@dataclass(frozen=True, slots=True)
class LogHead:
    """The last row of a log; ``LogHead()`` is an empty log's."""

    seq: int = 0
    hash: bytes = chain.GENESIS
    epoch: int = 1


async def lock(sql: Connection) -> None:
    """Be the only relay of this schema until the transaction ends."""
    await sql.execute("select pg_advisory_xact_lock(hashtextextended(current_schema() || '.relay', 0))")


async def head(sql: Connection) -> LogHead:
    row = await (await sql.execute(_HEAD)).fetchone()
    return LogHead(**row) if row else LogHead()


# Not frozen: see ``Row``.
@dataclass(slots=True)
class Untold:
    """A row of ``untold``, its content in its wire form."""

    position: int
    event_id: UUID
    told_before: bool
    content: Mapping[str, Any]


async def take(sql: Connection) -> tuple[LogHead, Sequence[Untold]]:
    """The log's head and the next round of ``untold``, while the relay's lock is held."""
    async with sql.cursor(row_factory=tuple_row) as cursor:
        rows = await (await cursor.execute(_TAKE, [ROUND])).fetchall()
    crash.point("relay.taken")
    end = LogHead(*rows[0][:3]) if rows[0][0] is not None else LogHead()
    return end, [_untold(row) for row in rows if row[3] is not None]


def _untold(row: Sequence[Any]) -> Untold:
    return Untold(row[3], row[4], row[5], dict(zip(chain.DIGESTED, row[6:], strict=True)))


async def number(sql: Connection, teller: Teller, after: LogHead, taken: Sequence[Untold]) -> list[Row]:
    """Move what was taken from ``untold`` to ``log``; the relay's lock is still held, and ``after`` the head.

    An event that was told before (a replay's) is dropped.
    """
    fresh = [row for row in taken if not row.told_before]
    rows = _chained(fresh, teller, after)
    if taken:
        await _move(sql, taken, fresh, rows, after)
    return rows


async def _move(
    sql: Connection, taken: Sequence[Untold], fresh: Sequence[Untold], rows: Sequence[Row], after: LogHead
) -> None:
    values = {
        "taken": [row.position for row in taken],
        "numbered": [row.position for row in fresh],
        "after": after.seq,
        "epoch": after.epoch,
        "made": b"".join(part for row in rows for part in (row.salt or b"", row.digest, row.hash)),
        "signature": rows[-1].signature if rows else None,
    }
    await sql.execute(_NUMBER, values)


def _chained(told: Sequence[Untold], teller: Teller, after: LogHead) -> list[Row]:
    rows: list[Row] = []
    previous = after.hash
    for seq, row in enumerate(told, start=after.seq + 1):
        salt = os.urandom(16)
        digest = chain.digest_of(salt, row.content)
        previous = chain.hash_of(previous, seq, row.event_id, digest)
        rows.append(Row(seq, after.epoch, row.event_id, row.content, salt, digest, previous, None))
    if rows:
        end = chain.Head(stream=teller.stream, epoch=after.epoch, seq=rows[-1].seq, hash=previous)
        rows[-1].signature = end.signed(teller.key)
    return rows


def content_of(row: dict[str, Any]) -> dict[str, Any]:
    """What can be erased of a row of ``untold`` or ``log``, in its wire form."""
    return {
        "type": row["type"],
        "subject": _text(row["subject"]),
        "time": instant(row["time"]),
        "organisation": _text(row["organisation_id"]),
        "actor": row["actor"],
        "correlationid": _text(row["correlation_id"]),
        "causationid": _text(row["causation_id"]),
        "traceparent": row["traceparent"],
        "body": row["body"],
    }


def _text(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


async def append(sql: Connection, rows: Sequence[Row]) -> None:
    """Write numbered rows to the log; a number that is taken is an error."""
    async with sql.cursor() as cursor, cursor.copy(f"copy log ({_COLUMNS}) from stdin") as copy:
        for row in rows:
            said = row.content
            await copy.write_row(
                (
                    row.seq,
                    row.epoch,
                    row.event_id,
                    *itemgetter("type", "subject", "time", "organisation", "actor")(said),
                    *itemgetter("correlationid", "causationid", "traceparent")(said),
                    Jsonb(said["body"]) if said["body"] is not None else None,
                    row.salt,
                    row.digest,
                    row.hash,
                    row.signature,
                )
            )


async def read(sql: Connection, *, after: int, limit: int) -> list[Row]:
    """The rows above a number, in order."""
    query = f"select {_COLUMNS} from log where seq > %s order by seq limit %s"  # noqa: S608 - constant columns
    rows = await (await sql.execute(query, [after, limit])).fetchall()
    return [_row(row) for row in rows]


_KEPT = itemgetter("salt", "digest", "hash", "signature")


def _row(row: dict[str, Any]) -> Row:
    return Row(row["seq"], row["epoch"], row["event_id"], content_of(row), *_KEPT(row))
