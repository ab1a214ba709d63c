"""Agreements between organisations."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import Role
from shared.events.organisations import AgreementKind
from shared.http import Body, IfMatch, Instant, Page, Route, Tx, created, for_roles, versioned

from ..commands import agreements as commands
from ..domain.agreement import AgreementIsOver, AgreementOverlaps
from ..queries import lists as queries
from ..store import agreements as store
from .shapes import Name, Seen, Sentence, Spanning, location

router = APIRouter(route_class=Route, tags=["agreements"])

_TWO = ["01981c2e-7a40-7cc1-9d3b-5f0e64a7b210", "01981c2e-7a40-7cc1-9d3b-5f0e64a7b211"]


class AgreementGiven(Body):
    """The parties, and the dates it covers, both included: from today and without end when left out.

    An arrangement on data protection stands beside a partnership: alone it lets nothing travel.
    """

    kind: AgreementKind = AgreementKind.COOPERATION
    parties: Annotated[list[UUID], Field(min_length=2, max_length=50, examples=[_TWO])]
    name: Name | None = None
    activities: list[Sentence] = Field(
        default_factory=list, max_length=20, examples=[["Språkcafé på torsdagar"]]
    )
    valid_from: date | None = None
    valid_until: date | None = None


class AgreementChange(Body):
    status: Literal["ended"]


class AgreementSeen(Seen):
    id: UUID
    organisation_id: UUID
    kind: AgreementKind
    parties: list[UUID]
    name: str | None
    activities: list[str]
    valid_from: date
    valid_until: date | None
    ended_at: Instant | None
    version: int


@router.post(
    "/agreements",
    status_code=201,
    openapi_extra=for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR, refuses=[AgreementOverlaps]),
)
async def conclude(given: AgreementGiven, tx: Tx, response: Response) -> AgreementSeen:
    """Write down an agreement between two or more organisations."""
    agreement = await commands.conclude(tx, commands.Wanted(**dict(given)))
    created(response, location("agreements", agreement.id), agreement.version)
    return AgreementSeen.model_validate(agreement)


@router.get("/agreements")
async def all_agreements(tx: Tx, span: Spanning) -> Page[AgreementSeen]:
    """Every agreement, oldest first."""
    part = await queries.agreements(tx.sql, span)
    return Page(items=[*map(AgreementSeen.model_validate, part.items)], next=part.next)


@router.get("/agreements/{agreement_id}")
async def one_agreement(agreement_id: UUID, tx: Tx, response: Response) -> AgreementSeen:
    """One agreement."""
    agreement = await store.load(tx.sql, agreement_id)
    versioned(response, agreement.version)
    return AgreementSeen.model_validate(agreement)


@router.patch(
    "/agreements/{agreement_id}",
    openapi_extra=for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR, refuses=[AgreementIsOver]),
)
async def end(
    agreement_id: UUID,
    change: AgreementChange,  # noqa: ARG001 - says only that it ends
    seen: IfMatch,
    tx: Tx,
    response: Response,
) -> AgreementSeen:
    """End an agreement: nothing new travels under it."""
    agreement = await commands.end(tx, agreement_id, seen=seen)
    versioned(response, agreement.version)
    return AgreementSeen.model_validate(agreement)
