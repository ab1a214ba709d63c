"""Persons, sealed under a key of their own."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Owner, place
from shared.database import Connection
from shared.vault import Keys

from ..domain.person import Contact, ContactKind, Person
from . import rows
from .rows import Slice

_ADD = """
insert into persons (id, org_id, team_id, sealed, version, created_at)
values (%(id)s, %(org)s, %(team)s, %(sealed)s, %(version)s, %(created_at)s)
"""

LOAD = f"""
select p.*, working_team(p.id, p.team_id) as team_id from persons p
where p.id = %(id)s and p.id = coalesce(%(person)s, p.id) and {rows.SEEN}
"""  # noqa: S608 - made of constants alone

_LISTED = """
select * from persons p
where p.org_id = %(org)s and p.team_id = %(team)s and (%(after)s::uuid is null or p.id < %(after)s)
order by p.id desc limit %(limit)s
"""


async def add(sql: Connection, person: Person, keys: Keys) -> None:
    """Write down a person, her key first."""
    key = await keys.add_person(Owner(person.id, person.organisation_id))
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
        "sealed": rows.sealed_json(key, said, bound_to=_place(person.id, person.organisation_id)),
        "version": person.version,
        "created_at": person.created_at,
    }
    await sql.execute(_ADD, values)


async def load(sql: Connection, person_id: UUID, *, actor: Actor, keys: Keys) -> Person:
    """The person; to a person there is nobody but herself."""
    values = {"id": person_id, "person": rows.person_behind(actor)}
    row = await rows.one(sql, LOAD, values)
    await keys.hold([owner_of(row)])
    return as_person(row, keys)


async def listed(
    sql: Connection, part: Slice, *, organisation_id: UUID, team_id: UUID, keys: Keys
) -> list[Person]:
    """The team's persons, newest first."""
    values = {"org": organisation_id, "team": team_id, **asdict(part)}
    found = await keys.living(await rows.many(sql, _LISTED, values), owner_of)
    return [as_person(row, keys) for row in found]


def as_person(row: DictRow, keys: Keys) -> Person:
    """A person from her row; her key is held."""
    said = rows.unsealed_json(
        keys.of(owner_of(row)), row["sealed"], bound_to=_place(row["id"], row["org_id"])
    )
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


def owner_of(row: DictRow) -> Owner:
    """Whose key opens a person's row."""
    return Owner(row["id"], row["org_id"])


def _place(person_id: UUID, organisation_id: UUID) -> str:
    return place("persons.sealed", organisation_id, person_id)
