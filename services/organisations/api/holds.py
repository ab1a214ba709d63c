"""Places that are held for a short time, while a person is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import Role
from shared.http import (
    Body,
    Caller,
    IfMatch,
    Instant,
    Nothing,
    Page,
    Route,
    Tx,
    created,
    for_roles,
    versioned,
)

from ..commands import holds as commands
from ..domain.hold import LONGEST, SHORTEST, USUAL, HeldAlready, HoldIsOver, NoPlaceToHold
from ..queries.lists import part_of
from ..store import holds as store
from .shapes import Seen, Spanning, location

router = APIRouter(route_class=Route, tags=["finding"])

CASEWORKERS = for_roles(Role.CASEWORKER)


class HoldGiven(Body):
    """For how long: an hour unless said, from five minutes to a day.  For whom is said nowhere."""

    lasts: Annotated[timedelta, Field(ge=SHORTEST, le=LONGEST, examples=["PT1H"])] = USUAL


class HoldSeen(Seen):
    """It ends by itself at ``ends_at``, and before when its holder sends a referral to the offering."""

    id: UUID
    version: int
    organisation_id: UUID
    offering_id: UUID
    staff_id: UUID
    began_at: Instant
    ends_at: Instant


@router.post(
    "/offerings/{offering_id}/holds",
    status_code=201,
    openapi_extra=for_roles(Role.CASEWORKER, refuses=[NoPlaceToHold, HeldAlready]),
)
async def hold(offering_id: UUID, given: HoldGiven, tx: Tx, response: Response) -> HoldSeen:
    """Keep a place that is free and that nobody holds."""
    held = await commands.hold(tx, offering_id, lasts=given.lasts)
    created(response, location("holds", held.id), held.version)
    return HoldSeen.model_validate(held)


@router.get("/holds", openapi_extra=CASEWORKERS)
async def holds(tx: Tx, caller: Caller, span: Spanning) -> Page[HoldSeen]:
    """What the caseworkers of one's own organisation hold now, oldest first."""
    caller.must_be(Role.CASEWORKER)
    part = await part_of(tx.sql, store.LIVE, {}, span, store.as_hold)
    return Page(items=[*map(HoldSeen.model_validate, part.items)], next=part.next)


@router.get("/holds/{hold_id}", openapi_extra=CASEWORKERS)
async def one_hold(hold_id: UUID, tx: Tx, caller: Caller, response: Response) -> HoldSeen:
    """One hold of one's own organisation, ended or not."""
    caller.must_be(Role.CASEWORKER)
    found = await store.load(tx.sql, hold_id)
    versioned(response, found.version)
    return HoldSeen.model_validate(found)


@router.post("/holds/{hold_id}/release", openapi_extra=for_roles(Role.CASEWORKER, refuses=[HoldIsOver]))
async def release(hold_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response) -> HoldSeen:
    """Let a place of one's own go before its time."""
    released = await commands.release(tx, hold_id, seen=if_match)
    versioned(response, released.version)
    return HoldSeen.model_validate(released)
