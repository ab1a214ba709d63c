"""Persons and paths, to those who work with her and to herself."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.events.base import Role
from shared.vault import Keys

from ..domain.lookup import LookUp
from ..domain.needs import Need
from ..domain.path import Path
from ..domain.person import Person, must_be_person, must_know, team_of
from ..domain.steps import Plan
from ..store import lookup, needs, paths, steps
from ..store import persons as store
from ..store.rows import Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPath:
    """A person's path as she sees it, with its steps and needs."""

    path: Path
    plan: Plan
    needs: list[Need]


async def person(tx: Transaction, person_id: UUID, keys: Keys) -> Person:
    found = await store.load(tx.sql, person_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, found.team_id)
    await note_reads(tx, Read.PERSON, [found.id])
    return found


async def persons(tx: Transaction, part: Slice, keys: Keys) -> list[Person]:
    """The persons of the caller's team."""
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    organisation_id, team_id = team_of(tx.actor)
    found = await store.listed(tx.sql, part, organisation_id=organisation_id, team_id=team_id, keys=keys)
    await note_reads(tx, Read.PERSON, [one.id for one in found])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who was found in the caller's own team, and which other teams know such a person."""

    persons: list[Person]
    other_teams: list[UUID]


async def find(tx: Transaction, kind: LookUp, text: str, keys: Keys) -> Found:
    """Look a person up in one's own organisation before she is written down twice (R-57).

    Of another team's person only the team is said: it is asked whether she is the same.
    """
    tx.actor.must_be(Role.CASEWORKER)
    organisation_id, team_id = team_of(tx.actor)
    found = await lookup.find(tx.sql, kind, text, organisation_id=organisation_id, keys=keys)
    await note_reads(tx, Read.PERSON, [one.id for one in found])
    return Found(
        persons=[one for one in found if one.team_id == team_id],
        other_teams=sorted({one.team_id for one in found} - {team_id}),
    )


async def path(tx: Transaction, path_id: UUID, keys: Keys) -> Path:
    found = await paths.load_path(tx.sql, path_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, found.team_id)
    await note_reads(tx, Read.PATH, [found.id])
    return found


async def listed_paths(tx: Transaction, part: Slice, *, person_id: UUID | None, keys: Keys) -> list[Path]:
    """The paths of the caller's team, or of one of its persons."""
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    _, team_id = team_of(tx.actor)
    found = await paths.listed_paths(tx.sql, part, team_id=team_id, person_id=person_id, keys=keys)
    await note_reads(tx, Read.PATH, [one.id for one in found])
    return found


async def own_path(tx: Transaction, keys: Keys) -> OwnPath:
    """The path that the person who asks is on now."""
    must_be_person(tx.actor)
    found = await paths.newest_path(tx.sql, tx.actor.id, keys)
    await note_reads(tx, Read.PATH, [found.id])
    plan = await steps.plan(tx.sql, found.id)
    return OwnPath(path=found, plan=plan, needs=await needs.of_path(tx.sql, found.id, actor=tx.actor))
