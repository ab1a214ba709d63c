"""How every command on an open offer begins and ends: met, locked, permitted, current; saved and told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.errors import VersionStale
from shared.events.offers import OfferClosed, OfferDiscarded
from shared.timers import cancel_timers

from ..domain.offers import Offer, OfferCommand, permit
from ..store import consents
from ..store import offers as store
from .begin import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A locked offer in its sender's tenant, and the instant of the command."""

    offer: Offer
    at: datetime


async def begin(tx: Transaction, command: OfferCommand, target: Target) -> Begun:
    """Everything before the verb, in the order of the checks: 404, 403, 412.

    From here on the tenant is the sender's: a claim by one of the teams is done there, under the path's lock.
    To a team an offer has one change, its closing, which is told it as such and not as a stale version.
    """
    meeting = await store.met(tx.sql, target.id, tx.actor)
    permit(command, meeting.sides_of(tx.actor), tx.actor.roles)
    await tx.act_for(meeting.from_organisation_id)
    at = await store.lock(tx, target.id)
    offer = await store.load(tx.sql, target.id, actor=tx.actor)
    if command is OfferCommand.CLAIM:
        offer.demand_open(at)
    if target.seen is not None and target.seen != offer.version:
        raise VersionStale(changed=[{"state": str(offer.state)}])
    return Begun(offer=offer, at=at)


async def close(tx: Transaction, closed: Offer, event: OfferClosed | OfferDiscarded, at: datetime) -> Offer:
    """Save an offer that nobody has claimed, and end what the person said yes to for it alone."""
    await store.save(tx, closed)
    await let_lapse(tx, closed, at)
    await tx.tell(event)
    return closed


async def let_lapse(tx: Transaction, offer: Offer, at: datetime) -> None:
    """End the consents to an offer that is over."""
    for consent_id in await consents.lapse(tx.sql, offer.id, at, by=tx.actor.id):
        await cancel_timers(tx, owner=consent_id)


async def let_go(tx: Transaction, offer_id: UUID, at: datetime) -> None:
    """Take back an open offer of what the person does not want."""
    recalled, event = (await store.load(tx.sql, offer_id, actor=tx.actor)).recall(at)
    await close(tx, recalled, event, at)
