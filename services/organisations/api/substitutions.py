"""Who stands in for whom."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from shared.http import Body, Caller, IfMatch, Instant, Page, Route, Tx, created, for_roles, versioned

from ..commands import substitutions as commands
from ..domain import rights
from ..domain.substitution import SubstitutesOverlap, SubstitutionIsOver
from ..queries import lists as queries
from ..store import substitutions as store
from .shapes import Seen, Spanning, location

router = APIRouter(route_class=Route, tags=["staff"])

EVERY_STAFF_ROLE = for_roles(*rights.STAFF_ROLES)


class SubstitutionGiven(Body):
    """Who is away, oneself when left out, who stands in, and the days, both included: from today on."""

    staff_id: UUID | None = None
    substitute_id: UUID
    valid_from: date | None = None
    valid_until: date


class SubstitutionChange(Body):
    status: Literal["ended"]


class SubstitutionSeen(Seen):
    id: UUID
    organisation_id: UUID
    staff_id: UUID
    substitute_id: UUID
    valid_from: date
    valid_until: date
    ended_at: Instant | None
    version: int


@router.post(
    "/substitutions",
    status_code=201,
    openapi_extra=for_roles(*rights.STAFF_ROLES, refuses=[SubstitutesOverlap]),
)
async def begin(given: SubstitutionGiven, tx: Tx, response: Response) -> SubstitutionSeen:
    """Let a colleague stand in, for oneself, for one of one's team as its lead, or for one's own staff."""
    new = await commands.begin(tx, **dict(given))
    created(response, location("substitutions", new.id), new.version)
    return SubstitutionSeen.model_validate(new)


@router.get("/substitutions", openapi_extra=EVERY_STAFF_ROLE)
async def all_substitutions(tx: Tx, caller: Caller, span: Spanning) -> Page[SubstitutionSeen]:
    """The substitutes of one's own organisation, oldest first."""
    rights.must_be_staff(caller)
    part = await queries.substitutions(tx.sql, span)
    return Page(items=[*map(SubstitutionSeen.model_validate, part.items)], next=part.next)


@router.get("/substitutions/{substitution_id}", openapi_extra=EVERY_STAFF_ROLE)
async def one_substitution(
    substitution_id: UUID, tx: Tx, caller: Caller, response: Response
) -> SubstitutionSeen:
    """One substitute of one's own organisation."""
    rights.must_be_staff(caller)
    substitution = await store.load(tx.sql, substitution_id)
    versioned(response, substitution.version)
    return SubstitutionSeen.model_validate(substitution)


@router.patch(
    "/substitutions/{substitution_id}",
    openapi_extra=for_roles(*rights.STAFF_ROLES, refuses=[SubstitutionIsOver]),
)
async def end(
    substitution_id: UUID,
    change: SubstitutionChange,  # noqa: ARG001 - says only that it ends
    seen: IfMatch,
    tx: Tx,
    response: Response,
) -> SubstitutionSeen:
    """Release a substitute: she is back, or somebody else stands in."""
    substitution = await commands.end(tx, substitution_id, seen=seen)
    versioned(response, substitution.version)
    return SubstitutionSeen.model_validate(substitution)
