"""A team claims an open offer: the gate, its referral and its copy, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.database import Transaction
from shared.ids import new_id
from shared.vault import Keys

from ..domain.consent import Consent
from ..domain.disclosure import Contents, packaged
from ..domain.needs import Need
from ..domain.offer_gate import Edges, Prospect, edges
from ..domain.offers import Offer, OfferCommand
from ..domain.person import team_of
from ..domain.referral import Referral
from ..domain.working_days import local_date
from ..store import consents, directory, disclosures, items, needs
from ..store import offers as store
from ..store import referrals as referral_store
from ..store.cards import card_of
from ..store.items import Departure
from ..store.prospects import prospect as prospect_of
from .begin import Target
from .expiry import set_clocks
from .offer_begin import begin, let_lapse
from .receiving import Opening


async def claim(tx: Transaction, target: Target, opening: Opening, keys: Keys) -> Referral:
    """Be the one team that gets it, with a referral that is opened at once; to the others it is closed."""
    organisation_id, team_id = team_of(tx.actor)
    begun = await begin(tx, OfferCommand.CLAIM, target)
    at, team = begun.at, begun.offer.team(organisation_id, team_id)
    staff = (await directory.colleague(tx.sql, tx.actor.id)).bound_by(opening.pledge_version)
    contents = await store.contents(tx.sql, begun.offer.id, keys)
    prospect = await prospect_of(tx.sql, begun.offer, team, contents, today=local_date(at))
    referral_id = new_id()
    answers = await consents.of_offer(tx.sql, begun.offer.id, keys)
    to_team = edges(answers, prospect, at, referral_id=referral_id)
    claimed = begun.offer.claim(at, referral_id=referral_id)
    need = await needs.load(tx.sql, claimed.need_id, actor=tx.actor)
    born, event = (await _referral(tx, claimed, need, prospect, at=at, keys=keys)).claim(
        claimed,
        release=to_team.release,
        receiver=prospect.receiver,
        staff=staff,
        conditions_accepted=opening.conditions_accepted,
    )
    processing = to_team.pass_beside(prospect, at)
    await referral_store.add(tx.sql, born)
    await store.save(tx, claimed, winner=team)
    await _choose(tx, to_team, processing, at)
    await let_lapse(tx, claimed, at)
    await items.keep(tx.sql, born, Contents(items=prospect.items, message=contents.message), keys)
    departure = _departure(prospect, need, to_team)
    await disclosures.add(tx.sql, departure, release=to_team.release, processing=processing, at=at, keys=keys)
    await tx.tell(event, organisation_id=organisation_id)
    await tx.act_for(organisation_id)
    return replace(born, consent_ids=tuple(edge.id for edge, _ in to_team.chosen(processing)))


async def _choose(tx: Transaction, to_team: Edges, processing: Consent | None, at: datetime) -> None:
    """Let what she said go on as the winner's edges; the one to processing only where the winner needs it."""
    for edge, taken in to_team.chosen(processing):
        await consents.choose(tx.sql, edge, taken, by=tx.actor.id)
        await set_clocks(tx, edge, at)


def _departure(prospect: Prospect, need: Need, to_team: Edges) -> Departure:
    return Departure(
        package=packaged(prospect.items),
        receiver=prospect.receiver,
        need_is_busy=False,
        need_state=need.state,
        said_no_at=need.said_no_at,
        beside=to_team.beside,
    )


async def _referral(  # noqa: PLR0913 - all that a referral is born from
    tx: Transaction, offer: Offer, need: Need, prospect: Prospect, *, at: datetime, keys: Keys
) -> Referral:
    assert offer.referral_id is not None  # noqa: S101 - it was just claimed
    return Referral(
        id=offer.referral_id,
        code=await referral_store.free_code(tx.sql, offer.from_organisation_id),
        path_id=offer.path_id,
        need_id=offer.need_id,
        offering_id=prospect.team.offering_id,
        from_organisation_id=offer.from_organisation_id,
        from_team_id=offer.from_team_id,
        from_staff_id=offer.from_staff_id,
        to_organisation_id=prospect.team.organisation_id,
        to_team_id=prospect.team.team_id,
        card=await card_of(tx.sql, need, at, keys),
        fields=prospect.fields,
        created_at=at,
        changed_at=at,
    )
