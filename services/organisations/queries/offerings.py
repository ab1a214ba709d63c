"""What the network offers: found, and judged by whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.base import Theme
from shared.events.organisations import Reason

from ..domain.eligibility import Facts
from ..domain.offering import CONFIRMED_FOR, Offering
from ..domain.ranking import Hit, hit
from ..store import words
from ..store.offering_rows import COLUMNS, OPEN_TO_ALL, as_offering
from ..store.rows import one
from .lists import Part, Span, part_of

NOTHING_KNOWN = Facts()
LOOKED_AT = 300
"""So many of what is sought are judged and ranked; those first that are open and speak of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is sought (need, theme, text), and for whom; ``None`` leaves it open.

    ``public``: only what is open to everybody, and has no secret where it is.
    """

    facts: Facts = NOTHING_KNOWN
    theme: Theme | None = None
    text: str | None = None
    fits: bool | None = None
    public: bool = False

    @property
    def is_all(self) -> bool:
        """Whether the whole directory is asked for."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what was found; whether anything fits, and what speaks against whatever does not."""

    part: Part[Hit]
    anything_fits: bool
    against: tuple[Reason, ...] = ()


_TAKING_PART = "exists (select from organisations g where g.id = organisation_id and g.status = 'active')"

_ALL = f"""
select {COLUMNS}, 0.0 as text, app_now() as now, {_TAKING_PART} as taking_part from offerings
where status <> 'ended' and (%(after)s::uuid is null or id > %(after)s)
order by id limit %(limit)s
"""  # noqa: S608 - made of constants alone

# Whom it is for is judged by the rules alone; what the columns say only decides what is looked at first.
_SOUGHT = f"""
select {COLUMNS}, text, app_now() as now, {_TAKING_PART} as taking_part from (
    select offerings.*, coalesce(ts_rank(document, to_tsquery('swedish', %(query)s), 32), 0) as text
    from offerings
    where status <> 'ended'
        and (not %(public)s or {OPEN_TO_ALL})
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

_ONE = f"""
select {COLUMNS}, 0.0 as text, app_now() as now, {_TAKING_PART} as taking_part from offerings where id = %s
"""  # noqa: S608 - made of constants alone

_OWN = f"""
select {COLUMNS} from offerings where organisation_id = %(of)s
"""  # noqa: S608 - made of constants alone

_DUE = f"""
select {COLUMNS} from offerings
where organisation_id = %(of)s and status <> 'ended' and (imported is null or kind <> 'open_door')
    and (confirmed_at is null or confirmed_at <= app_now() - %(for)s)
"""  # noqa: S608 - made of constants alone


async def find(sql: Connection, span: Span, wanted: Wanted) -> Found:
    """The offerings sought, those that fit first, each with its reasons; none that has ended."""
    if wanted.is_all:
        return Found(await _all(sql, span), anything_fits=True)
    hits = await _sought(sql, wanted)
    shown = [one for one in hits if wanted.fits is None or one.judgement.fits is wanted.fits]
    against = (reason for one in hits for reason in one.judgement.against())
    return Found(
        _cut(shown, span),
        anything_fits=any(one.judgement.fits for one in hits),
        against=tuple(dict.fromkeys(against)),
    )


async def _all(sql: Connection, span: Span) -> Part[Hit]:
    values = {"after": span.after, "limit": span.limit + 1}
    rows = await (await sql.execute(_ALL, values)).fetchall()
    return _cut([_as_hit(row, NOTHING_KNOWN) for row in rows], Span(after=None, limit=span.limit))


def _as_hit(row: DictRow, facts: Facts) -> Hit:
    at, taking_part = row["now"], row["taking_part"]
    return hit(as_offering(row), facts, text=row["text"], at=at, taking_part=taking_part)


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
        "public": wanted.public,
        "looked_at": LOOKED_AT,
    }
    rows = await (await sql.execute(_SOUGHT, values)).fetchall()
    return sorted((_as_hit(row, wanted.facts) for row in rows), key=Hit.place)


def _cut(hits: list[Hit], span: Span) -> Part[Hit]:
    """The part of a ranked list; what the cursor named and is there no more is the list's end."""
    ids = [one.offering.id for one in hits]
    if span.after is not None:
        hits = hits[ids.index(span.after) + 1 :] if span.after in ids else []
    shown = hits[: span.limit]
    return Part(shown, str(shown[-1].offering.id) if len(hits) > span.limit else None)


async def judged(sql: Connection, offering_id: UUID, facts: Facts) -> Hit:
    """One offering as it answers what is known of somebody; raises ``NotFound``."""
    return _as_hit(await one(sql, _ONE, offering_id), facts)


async def due(sql: Connection, span: Span, *, organisation_id: UUID) -> Part[Offering]:
    """What an organisation must confirm: nobody has for ninety days, or ever."""
    values = {"of": organisation_id, "for": CONFIRMED_FOR}
    return await part_of(sql, _DUE, values, span, as_offering)


async def own(sql: Connection, span: Span, *, organisation_id: UUID) -> Part[Offering]:
    """All that an organisation has published, whatever became of it."""
    return await part_of(sql, _OWN, {"of": organisation_id}, span, as_offering)
