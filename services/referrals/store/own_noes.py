"""The person's noes to parts of her path; one that she took back stays, with the time of that."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from shared.database import Connection

from ..domain.own_noes import No, Part
from . import rows

_STEP_OF = """
select s.path_id from path_steps s join paths a on a.id = s.path_id
where s.id = %(id)s and a.person_id = %(person)s
"""

_NEED_OF = """
select n.path_id from needs n join paths a on a.id = n.path_id
where n.id = %(id)s and a.person_id = %(person)s
"""

_ADD = """
insert into own_noes (id, org_id, path_id, step_id, need_id, said_at) values (
    %(id)s, %(organisation_id)s, %(path_id)s, %(step_id)s, %(need_id)s, %(said_at)s
)
"""

_TAKE_BACK = """
update own_noes set taken_back_at = %(at)s
where org_id = %(org)s and coalesce(step_id, need_id) = %(about)s and taken_back_at is null
"""


async def path_of_step(sql: Connection, step_id: UUID, person_id: UUID) -> UUID:
    """The path to lock; raises `NotFound` for what is not hers."""
    path_id: UUID = (await rows.one(sql, _STEP_OF, {"id": step_id, "person": person_id}))["path_id"]
    return path_id


async def path_of_need(sql: Connection, need_id: UUID, person_id: UUID) -> UUID:
    """The path to lock; raises `NotFound` for what is not hers."""
    path_id: UUID = (await rows.one(sql, _NEED_OF, {"id": need_id, "person": person_id}))["path_id"]
    return path_id


async def add(sql: Connection, no: No) -> None:
    await sql.execute(_ADD, asdict(no))


async def take_back(sql: Connection, part: Part, at: datetime) -> None:
    """Let the no that stands stand no more."""
    await sql.execute(_TAKE_BACK, {"at": at, "org": part.organisation_id, "about": part.key})
