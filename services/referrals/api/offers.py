"""Open offers: made, opened, claimed, taken back; listed and read by whoever made them and by their teams."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from shared.events.base import Role
from shared.http import After, IfMatch, Limit, Nothing, Page, Route, Tx, created, for_roles, versioned

from ..commands import claiming
from ..commands import offers as commands
from ..commands.begin import Target
from ..commands.offers import AskedTeam, NewOffer
from ..commands.receiving import Opening
from ..domain.disclosure import Contents
from ..domain.offers import Offer, OfferCommand, roles_of
from ..domain.refusals import (
    ConditionsNotAccepted,
    NeedBusy,
    PersonSaidNo,
    PledgeMissing,
    ProtectedIdentity,
    StepNotReady,
)
from ..queries import offers as queries
from ..queries.referrals import PARTIES, Box
from ..store.rows import Slice
from . import referrals
from .commands import OpenGiven
from .offer_shapes import AnyOfferSeen, OfferGiven, OfferPreviewSeen, OfferSeen, as_made, as_preview, as_seen
from .referrals import ReferralSeen
from .shapes import GATE, Keys, for_command, page

router = APIRouter(route_class=Route, prefix="/offers", tags=["offers"])
of_one = APIRouter(route_class=Route, prefix="/offers/{offer_id}", tags=["offers"])


async def _target(offer_id: UUID, version: IfMatch) -> Target:
    return Target(id=offer_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The offer that a command is for, at the version that its giver saw."""


@router.post(
    "",
    status_code=201,
    openapi_extra=for_command(
        roles_of(OfferCommand.DRAFT), NeedBusy, StepNotReady, PersonSaidNo, ProtectedIdentity
    ),
)
async def draft(body: OfferGiven, tx: Tx, keys: Keys, response: Response) -> OfferSeen:
    """Begin an offer of a need to two to five teams; none of them sees it until it is opened."""
    contents = Contents(items=tuple(item.item() for item in body.items), message=body.message)
    teams = tuple(AskedTeam(offering_id=one.offering_id, team_id=one.team_id) for one in body.teams)
    offer = await commands.draft(tx, NewOffer(need_id=body.need_id, teams=teams, contents=contents), keys)
    created(response, f"/offers/{offer.id}", offer.version)
    return as_made(await queries.made(tx, offer), by=tx.actor)


@router.get("", openapi_extra=for_roles(*PARTIES))
async def offers(
    tx: Tx, box: Box | None = None, after: After = None, limit: Limit = 50
) -> Page[AnyOfferSeen]:
    """What your team is asked to claim (`in`), what it has offered (`out`), or both, newest first."""
    part = Slice(after, limit)
    found = await queries.boxed(tx, part, box=box)
    return page([as_seen(one, by=tx.actor) for one in found], part)


@of_one.get("", openapi_extra=for_roles(*PARTIES, Role.PERSON))
async def offer(offer_id: UUID, tx: Tx, response: Response) -> AnyOfferSeen:
    """One offer; to a team that is asked the card alone, and once it has closed not even that."""
    seen = as_seen(await queries.offer(tx, offer_id), by=tx.actor)
    versioned(response, seen.version)
    return seen


@of_one.get("/preview", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON))
async def preview(offer_id: UUID, tx: Tx, keys: Keys) -> OfferPreviewSeen:
    """The card that the teams see, and exactly what each of them would read if it claimed the offer."""
    return as_preview(await queries.preview(tx, offer_id, keys))


@of_one.post("/discard", openapi_extra=for_command(roles_of(OfferCommand.DISCARD)))
async def discard(target: Aim, _: Nothing, tx: Tx, response: Response) -> OfferSeen:
    """Throw an offer away that no team has seen."""
    return await _answered(tx, await commands.discard(tx, target), response)


@of_one.post("/open", openapi_extra=for_command(roles_of(OfferCommand.OPEN), *GATE, NeedBusy, StepNotReady))
async def open_offer(target: Aim, _: Nothing, tx: Tx, keys: Keys, response: Response) -> OfferSeen:
    """Show the card to the teams for three working days, if the gate stands open to each of them."""
    return await _answered(tx, await commands.open_offer(tx, target, keys), response)


@of_one.post(
    "/claim",
    openapi_extra=for_command(roles_of(OfferCommand.CLAIM), *GATE, PledgeMissing, ConditionsNotAccepted),
)
async def claim(target: Aim, body: OpenGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Be the one team that gets it: the answer is your referral, opened, which you may read.

    What has closed meanwhile answers 409, whatever the version.
    """
    opening = Opening(conditions_accepted=body.conditions_accepted, pledge_version=body.pledge_version)
    referral = await claiming.claim(tx, target, opening, keys)
    return referrals.as_answered(referral, by=tx.actor, response=response)


@of_one.post("/recall", openapi_extra=for_command(roles_of(OfferCommand.RECALL)))
async def recall(target: Aim, _: Nothing, tx: Tx, response: Response) -> OfferSeen:
    """Take an offer back from all its teams; the need stays with you."""
    return await _answered(tx, await commands.recall(tx, target), response)


async def _answered(tx: Tx, offer: Offer, response: Response) -> OfferSeen:
    versioned(response, offer.version)
    return as_made(await queries.made(tx, offer), by=tx.actor)
