"""Which searches found nothing on which day, so that each is told once."""

from __future__ import annotations

from shared.database import Connection
from shared.events.organisations import SearchMissed

_SAME = """
organisation_id = %(organisation_id)s and day = app_now()::date and need = %(need)s
    and theme is not distinct from %(theme)s and area is not distinct from %(area)s
    and language is not distinct from %(language)s
"""

_NOTE = """
insert into missed_searches (organisation_id, day, need, theme, area, language)
values (%(organisation_id)s, app_now()::date, %(need)s, %(theme)s, %(area)s, %(language)s)
on conflict do nothing returning day
"""


async def is_noted(sql: Connection, missed: SearchMissed) -> bool:
    """Whether the same search was noted today."""
    query = f"select from missed_searches where {_SAME}"
    return await (await sql.execute(query, missed.model_dump())).fetchone() is not None


async def note(sql: Connection, missed: SearchMissed) -> bool:
    """Note it; ``False`` when somebody just has."""
    return await (await sql.execute(_NOTE, missed.model_dump())).fetchone() is not None
