"""Paths."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Keyring, seal, unseal
from shared.database import Connection

from ..domain.path import Path
from ..domain.person import Person
from . import persons, rows
from .rows import Slice

_PATHS = """
select a.*, working_team(p.id, p.team_id) as team_id, k.wrapped
from paths a join persons p on p.id = a.person_id join person_keys k on k.person_id = p.id
where a.person_id = coalesce(%(person)s, a.person_id)
"""

_ADD_PATH = """
insert into paths (id, org_id, person_id, goal, coordinating_organisation_id, version, created_at)
values (%s, %s, %s, %s, %s, %s, %s)
"""

_PERSON_OF = """
select p.*, k.wrapped
from needs n join paths a on a.id = n.path_id join persons p on p.id = a.person_id
join person_keys k on k.person_id = p.id
where n.id = %s
"""


async def add_path(sql: Connection, path: Path, keys: Keyring) -> None:
    wrapped = await rows.one(sql, "select wrapped from person_keys where person_id = %s", [path.person_id])
    key = _key(path.organisation_id, path.person_id, wrapped, keys)
    goal = seal(key, path.goal.encode(), bound_to=_place(path.id))
    values = [path.id, path.organisation_id, path.person_id, goal, path.coordinating_organisation_id]
    await sql.execute(_ADD_PATH, [*values, path.version, path.created_at])


async def load_path(sql: Connection, path_id: UUID, *, actor: Actor, keys: Keyring) -> Path:
    values = {"id": path_id, "person": rows.person_behind(actor)}
    return _as_path(await rows.one(sql, f"{_PATHS} and a.id = %(id)s", values), keys)


async def newest_path(sql: Connection, person_id: UUID, keys: Keyring) -> Path:
    """The path that a person is on now."""
    query = f"{_PATHS} order by a.id desc limit 1"
    return _as_path(await rows.one(sql, query, {"person": person_id}), keys)


async def listed_paths(
    sql: Connection, part: Slice, *, team_id: UUID, person_id: UUID | None, keys: Keyring
) -> list[Path]:
    """The paths of a team's persons, newest first."""
    query = f"""{_PATHS}
        and case when %(person)s::uuid is null then p.team_id else working_team(p.id, p.team_id) end
            = %(team)s
        and (%(after)s::uuid is null or a.id < %(after)s) order by a.id desc limit %(limit)s"""
    values = {"person": person_id, "team": team_id, **asdict(part)}
    return [_as_path(row, keys) for row in await rows.many(sql, query, values)]


async def person_with(sql: Connection, need_id: UUID, keys: Keyring) -> Person:
    """The person whose need it is."""
    return persons.as_person(await rows.one(sql, _PERSON_OF, [need_id]), keys)


def _as_path(row: DictRow, keys: Keyring) -> Path:
    key = _key(row["org_id"], row["person_id"], row, keys)
    return Path(
        id=row["id"],
        organisation_id=row["org_id"],
        team_id=row["team_id"],
        person_id=row["person_id"],
        goal=unseal(key, row["goal"], bound_to=_place(row["id"])).decode(),
        coordinating_organisation_id=row["coordinating_organisation_id"] or row["org_id"],
        version=row["version"],
        created_at=row["created_at"],
    )


def _key(organisation_id: UUID, person_id: UUID, row: DictRow, keys: Keyring) -> bytes:
    return keys.unwrap(row["wrapped"], organisation_id=organisation_id, owner=person_id)


def _place(path_id: UUID) -> str:
    return f"path:{path_id}"
