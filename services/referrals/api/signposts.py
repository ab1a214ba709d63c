"""Signposts: given and read."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import NeedCode, Role
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import signposts as commands
from ..domain.refusals import NotAnOpenDoor, ReceiverClosed
from ..queries import signposts as queries
from ..store.rows import Slice
from .shapes import Seen, for_command, page

router = APIRouter(route_class=Route, prefix="/signposts", tags=["signposts"])

HOMES = for_roles(Role.CASEWORKER, Role.TEAM_LEAD)
READERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON)


class SignpostGiven(Body):
    """The offering is an open door: one that cannot be referred to."""

    need_id: UUID
    offering_id: UUID


class SignpostSeen(Seen):
    """What a printed card needs from here; address and hours are the directory's, and no name is."""

    id: UUID
    version: int
    path_id: UUID
    need_id: UUID
    need_code: NeedCode
    offering_id: UUID
    day: Annotated[date, Field(serialization_alias="date")]
    given_by: UUID
    given_at: Instant


@router.post(
    "",
    status_code=201,
    openapi_extra=for_command([Role.CASEWORKER, Role.TEAM_LEAD], NotAnOpenDoor, ReceiverClosed),
)
async def give(body: SignpostGiven, tx: Tx, response: Response) -> SignpostSeen:
    """Show the person an open door; nothing about her leaves, and the need stays with you."""
    signpost = await commands.give(tx, body.need_id, body.offering_id)
    created(response, f"/signposts/{signpost.id}", signpost.version)
    return SignpostSeen.model_validate(signpost)


@router.get("", openapi_extra=READERS)
async def signposts(need_id: UUID, tx: Tx, after: After = None, limit: Limit = 50) -> Page[SignpostSeen]:
    """The signposts of a need, newest first."""
    part = Slice(after, limit)
    found = await queries.of_need(tx, part, need_id)
    return page([SignpostSeen.model_validate(signpost) for signpost in found], part)


@router.get("/{signpost_id}", openapi_extra=READERS)
async def signpost(signpost_id: UUID, tx: Tx, response: Response) -> SignpostSeen:
    """One signpost."""
    found = await queries.signpost(tx, signpost_id)
    versioned(response, found.version)
    return SignpostSeen.model_validate(found)
