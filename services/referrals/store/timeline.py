"""The steps of a referral's timeline, as the tenant may see them."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain.timeline import Step
from ..domain.transitions import Command, Side, State
from . import rows

_SINCE = """
select version, at, command, by_side, by_organisation_id, state, is_shared from referral_steps
where referral_id = %s and version > %s order by version limit %s
"""


async def steps(sql: Connection, referral_id: UUID, *, after: int = 0, limit: int = 200) -> list[Step]:
    """The timeline that the tenant may see, from a version on."""
    found = await rows.many(sql, _SINCE, [referral_id, after, limit])
    return [_as_step(row) for row in found]


def _as_step(row: DictRow) -> Step:
    return Step(
        version=row["version"],
        at=row["at"],
        command=Command(row["command"]),
        by_side=Side(row["by_side"]),
        by_organisation_id=row["by_organisation_id"],
        state=State(row["state"]),
        is_shared=row["is_shared"],
    )
