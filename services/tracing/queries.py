"""The pages' SQL: one path's steps, what the hops know of them, and the recent paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from shared.database import Connection

from .domain import HopSeen, Step

_STEPS = """
select event_id, stream, seq, type, told_at, by_organisation_id from steps
where path_id = %(path)s
  and (%(after)s::uuid is null or (told_at, stream, seq) > (
      select told_at, stream, seq from steps where event_id = %(after)s))
order by told_at, stream, seq limit %(limit)s
"""

_HOPS = """
select steps.stream, steps.seq, hop.service, hop.at, hop.parked
from unnest(%s::text[], %s::bigint[]) as steps (stream, seq)
cross join lateral (
    select service, min(at) filter (where steps.seq <> all (parked)) as at,
           bool_or(steps.seq = any (parked)) as parked
    from handled
    where stream = steps.stream and int8range(first_seq, last_seq, '[]') @> steps.seq
    group by service
) as hop
"""

_REACHED = """
select service, stream, (
    select last_seq from handled
    where handled.service = asked.service and handled.stream = heard.stream
    order by last_seq desc limit 1
) as seq
from unnest(%s::text[]) as asked (service) cross join unnest(%s::text[]) as heard (stream)
"""

# A path stands where its last step does, so the newest activity comes first and
# the index by time is read no further than one page of paths asks for.
_PATHS = """
select last.path_id, last.event_id, last.told_at as last_at, whole.first_at, whole.steps,
       first.by_organisation_id
from steps as last
cross join lateral (
    select min(told_at) as first_at, count(*) as steps from steps where steps.path_id = last.path_id
) as whole
cross join lateral (
    select by_organisation_id from steps
    where steps.path_id = last.path_id order by told_at, stream, seq limit 1
) as first
where not exists (
    select from steps as later where later.path_id = last.path_id
      and (later.told_at, later.stream, later.seq) > (last.told_at, last.stream, last.seq))
  and (%(after)s::uuid is null or (last.told_at, last.stream, last.seq) < (
      select told_at, stream, seq from steps where event_id = %(after)s))
order by last.told_at desc, last.stream desc, last.seq desc limit %(limit)s
"""


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path, by its ids and times; the event is its last step's."""

    path_id: UUID
    event_id: UUID
    first_at: datetime
    last_at: datetime
    steps: int
    by_organisation_id: UUID | None


async def is_known(sql: Connection, path_id: UUID) -> bool:
    """Whether anything was ever told on the path."""
    known = await sql.execute("select from steps where path_id = %s limit 1", [path_id])
    return await known.fetchone() is not None


async def steps(sql: Connection, path_id: UUID, *, after: UUID | None, limit: int) -> Sequence[Step]:
    """A path's steps in the order they were told, after one event."""
    values = {"path": path_id, "limit": limit, "after": after}
    rows = await (await sql.execute(_STEPS, values)).fetchall()
    return [Step(**row) for row in rows]


async def hops(sql: Connection, of: Sequence[Step]) -> Sequence[HopSeen]:
    """What the hops know of the steps."""
    asked = [step.stream for step in of], [step.seq for step in of]
    rows = await (await sql.execute(_HOPS, asked)).fetchall()
    return [
        HopSeen(service=row["service"], step=(row["stream"], row["seq"]), at=row["at"], parked=row["parked"])
        for row in rows
    ]


async def reached(
    sql: Connection, services: Sequence[str], streams: Sequence[str]
) -> Mapping[str, Mapping[str, int]]:
    """The last number that each service's hops name in each stream it is known to hear."""
    rows = await (await sql.execute(_REACHED, [list(services), list(streams)])).fetchall()
    positions: dict[str, dict[str, int]] = {service: {} for service in services}
    for row in rows:
        if row["seq"] is not None:
            positions[row["service"]][row["stream"]] = row["seq"]
    return positions


async def paths(sql: Connection, *, after: UUID | None, limit: int) -> Sequence[PathRow]:
    """The paths, the one with the newest step first; ``after`` is the last event of the page before."""
    async with sql.cursor(row_factory=class_row(PathRow)) as cursor:
        return await (await cursor.execute(_PATHS, {"limit": limit, "after": after})).fetchall()
