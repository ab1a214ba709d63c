"""The steps' and hops' SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from shared.database import Transaction
from shared.envelope import Envelope
from shared.hops import Hop

_ADD_STEP = """
insert into steps
    (stream, seq, event_id, path_id, type, told_at, by_organisation_id, correlation_id, causation_id)
select * from jsonb_to_recordset(%s) as step (
    stream text, seq bigint, event_id uuid, path_id uuid, type text, told_at timestamptz,
    by_organisation_id uuid, correlation_id uuid, causation_id uuid
)
on conflict do nothing
"""

_ADD_HOP = """
insert into handled (service, stream, first_seq, last_seq, parked, at)
select service, stream, first_seq, last_seq, parked, at from jsonb_to_recordset(%s) as hop (
    service text, stream text, first_seq bigint, last_seq bigint, parked bigint[], at timestamptz
)
on conflict do nothing
"""


def add_step(tx: Transaction, said: Envelope, *, path_id: UUID) -> None:
    """Keep an event's envelope as a step of the path; the same event again is no second step."""
    step = {
        "stream": said.stream,
        "seq": said.seq,
        "event_id": said.id,
        "path_id": path_id,
        "type": said.type,
        "told_at": said.time,
        "by_organisation_id": said.organisation_id,
        "correlation_id": said.correlation_id,
        "causation_id": said.causation_id,
    }
    tx.gather(_ADD_STEP, step)


def add_hops(tx: Transaction, hops: Sequence[Hop]) -> None:
    """Keep hops; one that was read before is not kept twice."""
    for hop in hops:
        tx.gather(_ADD_HOP, asdict(hop))
