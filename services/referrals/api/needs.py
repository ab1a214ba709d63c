"""Needs."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from shared.events.base import Area, NeedCode, Role, Theme, Urgency
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import persons as commands
from ..commands.persons import NewNeed
from ..domain.path import NeedState
from ..queries import persons as queries
from ..store.rows import Slice
from .shapes import Keys, Seen, page

router = APIRouter(route_class=Route, prefix="/needs", tags=["needs"])


class NeedGiven(Body):
    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency


class NeedSeen(Seen):
    id: UUID
    version: int
    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    state: NeedState
    home_organisation_id: UUID
    accountable_organisation_id: UUID
    open_referral_id: UUID | None
    created_at: Instant


@router.post("", status_code=201, openapi_extra=for_roles(Role.CASEWORKER))
async def state_need(body: NeedGiven, tx: Tx, keys: Keys, response: Response) -> NeedSeen:
    """Write a need down; your organisation is its home."""
    need = await commands.state_need(tx, NewNeed(**body.model_dump()), keys)
    created(response, f"/needs/{need.id}", need.version)
    return NeedSeen.model_validate(need)


@router.get("", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD))
async def needs(
    tx: Tx, path_id: UUID | None = None, after: After = None, limit: Limit = 50
) -> Page[NeedSeen]:
    """The needs of your team's persons, newest first."""
    part = Slice(after, limit)
    found = await queries.listed_needs(tx, part, path_id=path_id)
    return page([NeedSeen.model_validate(need) for need in found], part)


@router.get("/{need_id}", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON))
async def need(need_id: UUID, tx: Tx, response: Response) -> NeedSeen:
    """One need of your team's persons."""
    found = await queries.need(tx, need_id)
    versioned(response, found.version)
    return NeedSeen.model_validate(found)
