"""What the network offers: found, and judged by whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database import Connection
from shared.events.base import Theme

from ..domain.eligibility import Facts
from ..domain.ranking import Hit, hit
from ..store import words
from ..store.offering_rows import COLUMNS, as_offering
from ..store.rows import one
from .lists import Part, Span

NOTHING_KNOWN = Facts()
LOOKED_AT = 300
"""So many of what is sought are judged and ranked; those first that are open and speak of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is sought (need, theme, text), and for whom; ``None`` leaves it open."""

    facts: Facts = NOTHING_KNOWN
    theme: Theme | None = None
    text: str | None = None
    fits: bool | None = None

    @property
    def is_all(self) -> bool:
        """Whether the whole directory is asked for."""
        return self == Wanted()


_ALL = f"""
select {COLUMNS}, 0.0 as text, app_now() as now from offerings
where status <> 'ended' and (%(after)s::uuid is null or id > %(after)s)
order by id limit %(limit)s
"""  # noqa: S608 - made of constants alone

# Whom it is for is judged by the rules alone; what the columns say only decides what is looked at first.
_SOUGHT = f"""
select {COLUMNS}, text, app_now() as now from (
    select offerings.*, coalesce(ts_rank(document, to_tsquery('swedish', %(query)s), 32), 0) as text
    from offerings
    where status <> 'ended'
        and (%(need)s::text is null or needs @> array[%(need)s::text])
        and (%(theme)s::text is null or %(theme)s = any(themes))
        and (%(query)s::text is null or document @@ to_tsquery('swedish', %(query)s))
    order by
        status = 'paused',
        (%(area)s::text is null or areas = '{{}}' or %(area)s = any(areas))::int
        + (%(language)s::text is null or %(language)s = any(languages))::int
        + (%(age)s::integer is null
            or %(age)s between coalesce(age_from, 0) and coalesce(age_to, %(age)s))::int
        + (access @> %(access)s::text[])::int desc,
        text desc, id
    limit %(looked_at)s
) as sought
"""  # noqa: S608 - made of constants alone


async def find(sql: Connection, span: Span, wanted: Wanted) -> Part[Hit]:
    """The offerings sought, those that fit first, each with its reasons; none that has ended."""
    if wanted.is_all:
        return await _all(sql, span)
    hits = await _sought(sql, wanted)
    shown = [one for one in hits if wanted.fits is None or one.judgement.fits is wanted.fits]
    return _cut(shown, span)


async def _all(sql: Connection, span: Span) -> Part[Hit]:
    values = {"after": span.after, "limit": span.limit + 1}
    rows = await (await sql.execute(_ALL, values)).fetchall()
    hits = [hit(as_offering(row), NOTHING_KNOWN, text=row["text"], at=row["now"]) for row in rows]
    return _cut(hits, Span(after=None, limit=span.limit))


async def _sought(sql: Connection, wanted: Wanted) -> list[Hit]:
    query = await words.meant_by(sql, wanted.text) if wanted.text else None
    if wanted.text and query is None:
        return []
    values = {
        "query": query,
        "need": wanted.facts.need,
        "theme": wanted.theme,
        "area": wanted.facts.area,
        "language": wanted.facts.language,
        "age": wanted.facts.age,
        "access": sorted(wanted.facts.access),
        "looked_at": LOOKED_AT,
    }
    rows = await (await sql.execute(_SOUGHT, values)).fetchall()
    hits = (hit(as_offering(row), wanted.facts, text=row["text"], at=row["now"]) for row in rows)
    return sorted(hits, key=Hit.place)


def _cut(hits: list[Hit], span: Span) -> Part[Hit]:
    """The part of a ranked list; what the cursor named and is there no more is the list's end."""
    ids = [one.offering.id for one in hits]
    if span.after is not None:
        hits = hits[ids.index(span.after) + 1 :] if span.after in ids else []
    shown = hits[: span.limit]
    return Part(shown, str(shown[-1].offering.id) if len(hits) > span.limit else None)


async def judged(sql: Connection, offering_id: UUID, facts: Facts) -> Hit:
    """One offering as it answers what is known of somebody; raises ``NotFound``."""
    query = f"select {COLUMNS}, app_now() as now from offerings where id = %s"  # noqa: S608
    row = await one(sql, query, offering_id)
    return hit(as_offering(row), facts, text=0.0, at=row["now"])
