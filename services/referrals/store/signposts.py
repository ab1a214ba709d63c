"""Signposts, which never leave their home."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.database import Connection
from shared.events.base import NeedCode

from ..domain.signposts import Signpost
from . import rows
from .rows import Slice

_SIGNPOSTS = """
select s.*, n.code as need_code, working_team(p.id, p.team_id) as team_id
from signposts s join needs n on n.id = s.need_id join paths a on a.id = s.path_id
join persons p on p.id = a.person_id
where a.person_id = coalesce(%(person)s, a.person_id)
"""

_ADD = """
insert into signposts (id, org_id, need_id, path_id, offering_id, given_by, given_at)
values (
    %(id)s, %(organisation_id)s, %(need_id)s, %(path_id)s, %(offering_id)s, %(given_by)s, %(given_at)s
)
"""


async def add(sql: Connection, signpost: Signpost) -> None:
    await sql.execute(_ADD, asdict(signpost))


async def load(sql: Connection, signpost_id: UUID, *, actor: Actor) -> tuple[Signpost, UUID]:
    """The signpost, and the team whose person it was given to."""
    values = {"id": signpost_id, "person": rows.person_behind(actor)}
    row = await rows.one(sql, f"{_SIGNPOSTS} and s.id = %(id)s", values)
    return _as_signpost(row), row["team_id"]


async def listed(sql: Connection, part: Slice, *, need_id: UUID, actor: Actor) -> list[Signpost]:
    """The signposts of a need, newest first."""
    query = f"""{_SIGNPOSTS} and s.need_id = %(need)s and (%(after)s::uuid is null or s.id < %(after)s)
        order by s.id desc limit %(limit)s"""
    values = {"person": rows.person_behind(actor), "need": need_id, **asdict(part)}
    return [_as_signpost(row) for row in await rows.many(sql, query, values)]


def _as_signpost(row: DictRow) -> Signpost:
    named = {name: row[name] for name in ("id", "path_id", "need_id", "offering_id", "given_by", "given_at")}
    return Signpost(**named, organisation_id=row["org_id"], need_code=NeedCode(row["need_code"]))
