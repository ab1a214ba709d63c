"""Which themes the network answers where, its blanks included."""

from __future__ import annotations

from dataclasses import dataclass

from shared.database import Connection
from shared.events.base import Area, NeedCode, Theme

from ..domain.places import AREAS, THEMES

# What names no area is for the whole city.
_COUNTED = """
select theme, area, count(*) as offerings
from offerings o
cross join unnest(o.themes) as theme
cross join unnest(case when o.areas = '{}' then %(areas)s::text[] else o.areas end) as area
where o.status not in ('paused', 'ended') and (%(need)s::text is null or o.needs @> array[%(need)s::text])
    and exists (select from organisations g where g.id = o.organisation_id and g.status = 'active')
group by theme, area
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """How many open offerings answer a theme in an area."""

    theme: Theme
    area: Area
    offerings: int

    @property
    def blank(self) -> bool:
        return self.offerings == 0


async def cells(sql: Connection, need: NeedCode | None) -> list[Cell]:
    """A cell for every theme in every area."""
    areas = [area.code for area in AREAS]
    rows = await sql.execute(_COUNTED, {"areas": areas, "need": need})
    counted = {(row["theme"], row["area"]): row["offerings"] async for row in rows}
    return [Cell(theme.code, area, counted.get((theme.code, area), 0)) for theme in THEMES for area in areas]
