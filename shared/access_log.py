"""Every read of a person or a disclosure leaves a row, in the read's own transaction: no log, no read.

The service that keeps persons has the table `access_log` in its own schema, and its rows in a chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from .database import Transaction
from .ids import new_id


class Read(StrEnum):
    """What was read, or done to the reading of it."""

    PERSON = "person"
    PATH = "path"
    PREVIEW = "preview"
    DISCLOSURE = "disclosure"
    WORDS = "words"
    OUTCOMES = "outcomes"
    RATINGS = "ratings"
    CONSENT = "consent"
    STATUS = "status"
    ADMISSION = "admission"
    LOCK = "lock"
    UNLOCK = "unlock"


_NOTE = """
insert into access_log (id, org_id, at, actor_kind, actor_id, team_id, read, object_id)
select id, nullif(current_setting('app.org', true), '')::uuid, app_now(), %s, %s, %s, %s, object_id
from unnest(%s::uuid[], %s::uuid[]) as noted (id, object_id)
"""


async def note_reads(tx: Transaction, read: Read, objects: Sequence[UUID]) -> None:
    """Write down who reads these now; raises (and so forbids the read) when it cannot."""
    actor = tx.actor
    values = (actor.kind, actor.id, actor.team_id, read, [new_id() for _ in objects], list(objects))
    await tx.sql.execute(_NOTE, values)
