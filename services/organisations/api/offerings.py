"""Offerings: what the network can do for somebody; published, altered, paused, confirmed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.http import IfMatch, Nothing, Route, Tx, created, for_roles, versioned

from ..commands import offerings as commands
from ..domain.offering import Offering
from ..store import offerings as store
from .offering_shapes import OfferingChange, OfferingGiven, OfferingSeen, as_offering, in_domain, seen
from .shapes import location, sent

router = APIRouter(route_class=Route, tags=["offerings"])

OWN = for_roles(Role.ORGANISATION_ADMIN)


@router.post("/offerings", status_code=201, openapi_extra=OWN)
async def publish(given: OfferingGiven, tx: Tx, response: Response) -> OfferingSeen:
    """Put an offering of one's own organisation in the directory."""
    offering = await commands.publish(tx, as_offering(given))
    created(response, location("offerings", offering.id), offering.version)
    return seen(offering, await tx.now(), tx.actor)


@router.get("/offerings/{offering_id}")
async def one_offering(offering_id: UUID, tx: Tx, response: Response) -> OfferingSeen:
    """One offering."""
    return await _shown(await store.load(tx.sql, offering_id), tx, response)


@router.patch("/offerings/{offering_id}", openapi_extra=OWN)
async def change(
    offering_id: UUID, change: OfferingChange, if_match: IfMatch, tx: Tx, response: Response
) -> OfferingSeen:
    """Alter an offering of one's own organisation, its capacity included; paused, nothing is sent to it."""
    changes = in_domain(sent(change))
    return await _shown(await commands.change(tx, offering_id, seen=if_match, changes=changes), tx, response)


@router.post("/offerings/{offering_id}/confirm", openapi_extra=OWN)
async def confirm(
    offering_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response
) -> OfferingSeen:
    """Say of an offering of one's own organisation that all of it is still so; it is asked each 90 days."""
    return await _shown(await commands.confirm(tx, offering_id, seen=if_match), tx, response)


async def _shown(offering: Offering, tx: Tx, response: Response) -> OfferingSeen:
    versioned(response, offering.version)
    return seen(offering, await tx.now(), tx.actor)
