"""Paths."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Owner, place, seal, unseal
from shared.database import Connection
from shared.vault import Keys

from ..domain.path import Path
from ..domain.person import Person
from . import persons, rows
from .rows import Slice

_PATHS = """
select a.*, working_team(p.id, p.team_id) as team_id from paths a join persons p on p.id = a.person_id
where a.person_id = coalesce(%(person)s, a.person_id)
"""

_ADD_PATH = """
insert into paths (id, org_id, person_id, goal, coordinating_organisation_id, version, created_at)
values (%s, %s, %s, %s, %s, %s, %s)
"""

_PERSON_OF = """
select p.* from needs n join paths a on a.id = n.path_id join persons p on p.id = a.person_id
where n.id = %s
"""


async def add_path(sql: Connection, path: Path, keys: Keys) -> None:
    """Write down a path, its key first."""
    key = await keys.add_path(Owner(path.id, path.organisation_id), person_id=path.person_id)
    goal = seal(key, path.goal.encode(), bound_to=_place(path.id, path.organisation_id))
    values = [path.id, path.organisation_id, path.person_id, goal, path.coordinating_organisation_id]
    await sql.execute(_ADD_PATH, [*values, path.version, path.created_at])


async def load_path(sql: Connection, path_id: UUID, *, actor: Actor, keys: Keys) -> Path:
    values = {"id": path_id, "person": rows.person_behind(actor)}
    return await _read(await rows.one(sql, f"{_PATHS} and a.id = %(id)s", values), keys)


async def newest_path(sql: Connection, person_id: UUID, keys: Keys) -> Path:
    """The path that a person is on now."""
    query = f"{_PATHS} order by a.id desc limit 1"
    return await _read(await rows.one(sql, query, {"person": person_id}), keys)


async def listed_paths(
    sql: Connection, part: Slice, *, team_id: UUID, person_id: UUID | None, keys: Keys
) -> list[Path]:
    """The paths of a team's persons, newest first."""
    query = f"""{_PATHS}
        and case when %(person)s::uuid is null then p.team_id else working_team(p.id, p.team_id) end
            = %(team)s
        and (%(after)s::uuid is null or a.id < %(after)s) order by a.id desc limit %(limit)s"""
    values = {"person": person_id, "team": team_id, **asdict(part)}
    found = await keys.living(await rows.many(sql, query, values), _owner)
    return [_as_path(row, keys) for row in found]


async def person_with(sql: Connection, need_id: UUID, keys: Keys) -> Person:
    """The person whose need it is."""
    row = await rows.one(sql, _PERSON_OF, [need_id])
    await keys.hold([persons.owner_of(row)])
    return persons.as_person(row, keys)


async def _read(row: DictRow, keys: Keys) -> Path:
    await keys.hold([_owner(row)])
    return _as_path(row, keys)


def _as_path(row: DictRow, keys: Keys) -> Path:
    key = keys.of(_owner(row))
    return Path(
        id=row["id"],
        organisation_id=row["org_id"],
        team_id=row["team_id"],
        person_id=row["person_id"],
        goal=unseal(key, row["goal"], bound_to=_place(row["id"], row["org_id"])).decode(),
        coordinating_organisation_id=row["coordinating_organisation_id"] or row["org_id"],
        version=row["version"],
        created_at=row["created_at"],
    )


def _owner(row: DictRow) -> Owner:
    return Owner(row["id"], row["org_id"])


def _place(path_id: UUID, organisation_id: UUID) -> str:
    return place("paths.goal", organisation_id, path_id)
