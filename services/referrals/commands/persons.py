"""Persons and their paths are written down."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.database import Transaction
from shared.events.base import Role
from shared.ids import new_id
from shared.vault import Keys

from ..domain.path import Path
from ..domain.person import Contact, Person, must_know, team_of
from ..domain.templates import Template
from ..store import directory, lookup, paths
from ..store import persons as store
from . import steps


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is written down of a person, after she was asked about protected identity."""

    given_name: str
    family_name: str
    birth_year: int
    language: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPath:
    """What a path begins with; its home coordinates it where nobody else is named."""

    person_id: UUID
    goal: str
    coordinating_organisation_id: UUID | None = None
    template: Template | None = None


async def register(tx: Transaction, said: NewPerson, keys: Keys) -> Person:
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
    await lookup.add(tx.sql, person, keys.keyring)
    return person


async def open_path(tx: Transaction, said: NewPath, keys: Keys) -> Path:
    """Begin a person's path, with the steps of a template if one is given."""
    tx.actor.must_be(Role.CASEWORKER)
    path_id = new_id()
    at = await tx.lock(path_id)
    person = await store.load(tx.sql, said.person_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, person.team_id)
    if said.coordinating_organisation_id is not None:
        await directory.must_take_part(tx.sql, said.coordinating_organisation_id)
    path = Path(
        id=path_id,
        organisation_id=person.organisation_id,
        team_id=person.team_id,
        person_id=person.id,
        goal=said.goal,
        coordinating_organisation_id=said.coordinating_organisation_id or person.organisation_id,
        version=1,
        created_at=at,
    )
    await paths.add_path(tx.sql, path, keys)
    await tx.tell(path.opened())
    if said.template is not None:
        await steps.copy(tx, said.template, path, at)
    return path
