"""The steps' and hops' SQL."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.database import Connection
from shared.envelope import Envelope
from shared.hops import Hop

_ADD_STEP = """
insert into steps
    (stream, seq, event_id, path_id, type, told_at, by_organisation_id, correlation_id, causation_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict do nothing
"""

_ADD_HOP = """
insert into handled (service, stream, first_seq, last_seq, parked, at) values (%s, %s, %s, %s, %s, %s)
on conflict do nothing
"""


async def add_step(sql: Connection, said: Envelope, *, path_id: UUID) -> None:
    """Keep an event's envelope as a step of the path; the same event again is no second step."""
    step = (said.stream, said.seq, said.id, path_id, said.type, said.time)
    await sql.execute(_ADD_STEP, (*step, said.organisation_id, said.correlation_id, said.causation_id))


async def add_hops(sql: Connection, hops: Sequence[Hop]) -> None:
    """Keep hops; one that was read before is not kept twice."""
    rows = [(hop.service, hop.stream, hop.first_seq, hop.last_seq, list(hop.parked), hop.at) for hop in hops]
    async with sql.cursor() as cursor:
        await cursor.executemany(_ADD_HOP, rows)
