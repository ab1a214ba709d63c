"""Persons, sealed under a key of their own."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Keyring
from shared.database import Connection

from ..domain.person import Contact, ContactKind, Person
from . import rows
from .rows import Slice

_ADD = """
with person as (
    insert into persons (id, org_id, team_id, sealed, version, created_at)
    values (%(id)s, %(org)s, %(team)s, %(sealed)s, %(version)s, %(created_at)s)
)
insert into person_keys (person_id, org_id, wrapped) values (%(id)s, %(org)s, %(wrapped)s)
"""

_LOAD = """
select p.*, working_team(p.id, p.team_id) as team_id, k.wrapped
from persons p join person_keys k on k.person_id = p.id
where p.id = %(id)s and p.id = coalesce(%(person)s, p.id)
"""

_LISTED = """
select p.*, k.wrapped from persons p join person_keys k on k.person_id = p.id
where p.org_id = %(org)s and p.team_id = %(team)s and (%(after)s::uuid is null or p.id < %(after)s)
order by p.id desc limit %(limit)s
"""


async def add(sql: Connection, person: Person, keys: Keyring) -> None:
    key, wrapped = keys.new_key(organisation_id=person.organisation_id, owner=person.id)
    said = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_year": person.birth_year,
        "language": person.language,
        "contacts": [asdict(contact) for contact in person.contacts],
    }
    values = {
        "id": person.id,
        "org": person.organisation_id,
        "team": person.team_id,
        "sealed": rows.sealed_json(key, said, bound_to=_place(person.id)),
        "wrapped": wrapped,
        "version": person.version,
        "created_at": person.created_at,
    }
    await sql.execute(_ADD, values)


async def load(sql: Connection, person_id: UUID, *, actor: Actor, keys: Keyring) -> Person:
    """The person; to a person there is nobody but herself."""
    values = {"id": person_id, "person": rows.person_behind(actor)}
    return as_person(await rows.one(sql, _LOAD, values), keys)


async def listed(
    sql: Connection, part: Slice, *, organisation_id: UUID, team_id: UUID, keys: Keyring
) -> list[Person]:
    """The team's persons, newest first."""
    values = {"org": organisation_id, "team": team_id, **asdict(part)}
    return [as_person(row, keys) for row in await rows.many(sql, _LISTED, values)]


def as_person(row: DictRow, keys: Keyring) -> Person:
    """A person from her row and wrapped key."""
    key = keys.unwrap(row["wrapped"], organisation_id=row["org_id"], owner=row["id"])
    said = rows.unsealed_json(key, row["sealed"], bound_to=_place(row["id"]))
    contacts = tuple(Contact(kind=ContactKind(one["kind"]), value=one["value"]) for one in said["contacts"])
    return Person(
        id=row["id"],
        organisation_id=row["org_id"],
        team_id=row["team_id"],
        given_name=said["given_name"],
        family_name=said["family_name"],
        birth_year=said["birth_year"],
        language=said["language"],
        contacts=contacts,
        version=row["version"],
        created_at=row["created_at"],
    )


def _place(person_id: UUID) -> str:
    return f"person:{person_id}"
