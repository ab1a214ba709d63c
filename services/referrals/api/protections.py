"""A person's lock (skyddade personuppgifter): set, seen and taken off by very few."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, field_validator

from shared.events.base import Role
from shared.http import After, Body, IfMatch, Instant, Limit, Nothing, Page, Route, Tx, for_roles, versioned

from ..commands import protections as commands
from ..commands.begin import Target
from ..domain.protection import KEEPERS, LOCKERS, Protection
from ..domain.refusals import AlreadyLocked, NotLocked
from ..queries import protections as queries
from ..store.protections import locked_among
from ..store.rows import Slice
from .shapes import Keys, Seen, page

router = APIRouter(route_class=Route, tags=["persons"])

of_one = APIRouter(route_class=Route, prefix="/persons/{person_id}", tags=["persons"])

_TWO = ["01981c2e-7a40-7cc1-9d3b-5f0e64a7b210", "01981c2e-7a40-7cc1-9d3b-5f0e64a7b211"]


class LockGiven(Body):
    """The two staff of your organisation who alone may see her from now on."""

    staff_ids: Annotated[tuple[UUID, ...], Field(min_length=2, max_length=2, examples=[_TWO])]

    @field_validator("staff_ids")
    @classmethod
    def _are_two(cls, given: tuple[UUID, ...]) -> tuple[UUID, ...]:
        if len(set(given)) < len(given):
            raise ValueError("must name two")
        return given


class GivenTo(Seen):
    """A team that was given something of hers: its copy is empty, what it wrote down itself is not."""

    organisation_id: UUID
    team_id: UUID
    was_opened: bool


class ProtectionSeen(Seen):
    """A lock; `version` is the person's, and `holders` are those to phone."""

    id: UUID
    person_id: UUID
    version: int
    staff_ids: list[UUID]
    locked_at: Instant
    unlocked_at: Instant | None
    holders: list[GivenTo]


class LockedPaths(Seen):
    """Those among the paths asked for of which nothing may be shown."""

    locked: list[UUID]


async def _target(person_id: UUID, version: IfMatch) -> Target:
    return Target(id=person_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The person, at the version that the caller saw."""


@of_one.post("/lock", openapi_extra=for_roles(*LOCKERS, refuses=[AlreadyLocked]))
async def lock(target: Aim, body: LockGiven, tx: Tx, keys: Keys, response: Response) -> ProtectionSeen:
    """Hide a person at once from all but two named staff of your organisation.

    Her open hand-overs end as by a withdrawal, and what was given is emptied; nobody else is told why.
    """
    return _seen(await commands.lock(tx, target, body.staff_ids, keys), response)


@of_one.post("/unlock", openapi_extra=for_roles(*KEEPERS, refuses=[NotLocked]))
async def unlock(target: Aim, _: Nothing, tx: Tx, response: Response) -> ProtectionSeen:
    """Let her own organisation see her again, for one of the two; what was emptied stays so."""
    return _seen(await commands.unlock(tx, target), response)


@of_one.get("/lock", openapi_extra=for_roles(*KEEPERS))
async def locked(person_id: UUID, tx: Tx, response: Response) -> ProtectionSeen:
    """The lock that a person is under, for the two."""
    return _seen(await queries.of_person(tx, person_id), response)


@router.get("/protections", openapi_extra=for_roles(*KEEPERS))
async def kept(tx: Tx, after: After = None, limit: Limit = 50) -> Page[ProtectionSeen]:
    """Whom you are one of the two for, newest first."""
    part = Slice(after, limit)
    return page([ProtectionSeen.model_validate(one) for one in await queries.kept(tx, part)], part)


@router.get("/locked-paths", openapi_extra=for_roles(Role.SERVICE))
async def locked_paths(
    tx: Tx, path_id: Annotated[list[UUID], Query(min_length=1, max_length=200)]
) -> LockedPaths:
    """Which of these paths another service must answer for as for unknown ones."""
    tx.actor.must_be(Role.SERVICE)
    return LockedPaths(locked=await locked_among(tx.sql, path_id))


def _seen(protection: Protection, response: Response) -> ProtectionSeen:
    versioned(response, protection.version)
    return ProtectionSeen.model_validate(protection)
