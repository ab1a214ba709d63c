"""Persons and their paths are written down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.crypto import Keyring
from shared.database import Transaction
from shared.events.base import Role
from shared.ids import new_id

from ..domain.path import Path
from ..domain.person import Contact, Person, must_know, team_of
from ..store import paths
from ..store import persons as store


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is written down of a person, after she was asked about protected identity."""

    given_name: str
    family_name: str
    birth_year: int
    language: str
    contacts: tuple[Contact, ...]


async def register(tx: Transaction, said: NewPerson, keys: Keyring) -> Person:
    """Write a person down in the caller's team."""
    tx.actor.must_be(Role.CASEWORKER)
    organisation_id, team_id = team_of(tx.actor)
    person = Person(
        id=new_id(),
        organisation_id=organisation_id,
        team_id=team_id,
        given_name=said.given_name,
        family_name=said.family_name,
        birth_year=said.birth_year,
        language=said.language,
        contacts=said.contacts,
        version=1,
        created_at=await tx.now(),
    )
    await store.add(tx.sql, person, keys)
    return person


async def open_path(tx: Transaction, person_id: UUID, goal: str, keys: Keyring) -> Path:
    """Begin a person's path."""
    tx.actor.must_be(Role.CASEWORKER)
    path_id = new_id()
    at = await tx.lock(path_id)
    person = await store.load(tx.sql, person_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, person.team_id)
    path = Path(
        id=path_id,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        person_id=person.id,
        goal=goal,
        version=1,
        created_at=at,
    )
    await paths.add_path(tx.sql, path, keys)
    await tx.tell(path.opened())
    return path
