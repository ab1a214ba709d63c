"""The person's ratings, step and words sealed under her own key, and what of them she has hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.crypto import Owner, place
from shared.database import Connection
from shared.vault import Keys

from ..domain.ratings import Choice, Hidden, LifeDomain, Rating
from . import rows
from .rows import Slice

_ADD = """
insert into ratings (id, org_id, person_id, domain, sealed, at)
values (%s, %s, %s, %s, %s, %s)
"""

_CHOOSE = """
insert into rating_choices (id, org_id, person_id, domain, is_hidden, at)
select c.id, p.org_id, p.id, c.domain, c.is_hidden, c.at
from persons p, unnest(%s::uuid[], %s::text[], %s::boolean[], %s::timestamptz[])
    as c (id, domain, is_hidden, at)
where p.id = %s
"""

_CHOSEN = """
select distinct on (domain) id, domain, is_hidden, at from rating_choices
where person_id = %s order by domain, at desc, id desc
"""

_RATINGS = """
select r.* from ratings r
where r.person_id = %(person)s and (%(after)s::uuid is null or r.id < %(after)s)
"""

# What she has hidden is not there, in the very statement that looks.
_SHOWN = """
and not coalesce((
    select c.is_hidden from rating_choices c
    where c.org_id = r.org_id and c.person_id = r.person_id and c.domain = r.domain
    order by c.at desc, c.id desc limit 1
), false)
"""

_NEWEST_FIRST = "order by r.id desc limit %(limit)s"


async def add(sql: Connection, rating: Rating, keys: Keys) -> None:
    owner = Owner(rating.person_id, rating.organisation_id)
    said = {"step": rating.step, "words": rating.words}
    sealed = rows.sealed_json(await keys.read(owner), said, bound_to=_place(rating.id, owner))
    about = [rating.id, rating.organisation_id, rating.person_id, rating.domain]
    await sql.execute(_ADD, [*about, sealed, rating.at])


async def choose(sql: Connection, person_id: UUID, choices: Sequence[Choice]) -> None:
    """Keep what she chose to hide or to show."""
    columns = [[getattr(one, name) for one in choices] for name in ("id", "domain", "is_hidden", "at")]
    await sql.execute(_CHOOSE, [*columns, person_id])


async def hidden(sql: Connection, person_id: UUID) -> Hidden:
    found = [_as_choice(row) for row in await rows.many(sql, _CHOSEN, [person_id])]
    return Hidden({choice.domain: choice for choice in found})


async def load(sql: Connection, rating_id: UUID, *, person_id: UUID, keys: Keys) -> Rating:
    """A rating of hers; raises `NotFound`, alike for what does not exist and for another's."""
    query = "select * from ratings where id = %s and person_id = %s"
    row = await rows.one(sql, query, [rating_id, person_id])
    return await _as_rating(row, keys)


async def own(
    sql: Connection, part: Slice, person_id: UUID, *, domain: LifeDomain | None, keys: Keys
) -> list[Rating]:
    """All her ratings, or those of one domain, newest first."""
    query = f"{_RATINGS} and (%(domain)s::text is null or r.domain = %(domain)s) {_NEWEST_FIRST}"
    values = {"person": person_id, "domain": domain, **asdict(part)}
    return [await _as_rating(row, keys) for row in await rows.many(sql, query, values)]


async def shown(sql: Connection, part: Slice, person_id: UUID, keys: Keys) -> list[Rating]:
    """The ratings that she lets others see, newest first."""
    query, values = f"{_RATINGS} {_SHOWN} {_NEWEST_FIRST}", {"person": person_id, **asdict(part)}
    return [await _as_rating(row, keys) for row in await rows.many(sql, query, values)]


async def _as_rating(row: DictRow, keys: Keys) -> Rating:
    owner = Owner(row["person_id"], row["org_id"])
    said = rows.unsealed_json(await keys.read(owner), row["sealed"], bound_to=_place(row["id"], owner))
    return Rating(
        id=row["id"],
        organisation_id=row["org_id"],
        person_id=row["person_id"],
        domain=LifeDomain(row["domain"]),
        step=said["step"],
        words=said["words"],
        at=row["at"],
    )


def _as_choice(row: DictRow) -> Choice:
    named = {name: row[name] for name in ("id", "is_hidden", "at")}
    return Choice(**named, domain=LifeDomain(row["domain"]))


def _place(rating_id: UUID, owner: Owner) -> str:
    return place("ratings.sealed", owner.organisation, rating_id)
