"""Paths."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import Role
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import persons as commands
from ..commands.persons import NewPath
from ..queries import persons as queries
from ..store.rows import Slice
from ..templates import template_of
from .shapes import Keys, Seen, page

router = APIRouter(route_class=Route, prefix="/paths", tags=["paths"])


class PathGiven(Body):
    """The goal is in the person's own words; with a template, its steps are copied onto the path."""

    person_id: UUID
    goal: Annotated[str, Field(min_length=1, max_length=2000)]
    template_id: UUID | None = None
    coordinating_organisation_id: UUID | None = None


class PathSeen(Seen):
    id: UUID
    version: int
    person_id: UUID
    goal: str
    organisation_id: UUID
    coordinating_organisation_id: UUID
    created_at: Instant


@router.post("", status_code=201, openapi_extra=for_roles(Role.CASEWORKER))
async def open_path(body: PathGiven, tx: Tx, keys: Keys, response: Response) -> PathSeen:
    """Begin a person's path."""
    said = NewPath(
        person_id=body.person_id,
        goal=body.goal,
        coordinating_organisation_id=body.coordinating_organisation_id,
        template=template_of(body.template_id) if body.template_id else None,
    )
    path = await commands.open_path(tx, said, keys)
    created(response, f"/paths/{path.id}", path.version)
    return PathSeen.model_validate(path)


@router.get("", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD))
async def paths(
    tx: Tx, keys: Keys, person_id: UUID | None = None, after: After = None, limit: Limit = 50
) -> Page[PathSeen]:
    """The paths of your team's persons, newest first."""
    part = Slice(after, limit)
    found = await queries.listed_paths(tx, part, person_id=person_id, keys=keys)
    return page([PathSeen.model_validate(path) for path in found], part)


@router.get("/{path_id}", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON))
async def path(path_id: UUID, tx: Tx, keys: Keys, response: Response) -> PathSeen:
    """One path of your team's persons."""
    found = await queries.path(tx, path_id, keys)
    versioned(response, found.version)
    return PathSeen.model_validate(found)
