"""What receivers have answered, kept by the reactions; it is read with each offering (``observed_of``)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database import Connection

# Whoever is told to begin again hears what it has heard.
_ADD = """
insert into answers (event_id, offering_id, at, accepted, places_left) values (%s, %s, %s, %s, %s)
on conflict do nothing
"""


async def add(  # noqa: PLR0913 - the columns
    sql: Connection,
    event_id: UUID,
    *,
    offering_id: UUID,
    at: datetime,
    accepted: bool,
    places_left: int | None = None,
) -> None:
    await sql.execute(_ADD, (event_id, offering_id, at, accepted, places_left))
