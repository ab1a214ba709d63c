"""Open offers: drafted, opened to their teams, taken back, closed by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.errors import Invalid, NotYourSide
from shared.events.base import Role
from shared.events.consents import ConsentKind
from shared.ids import new_id
from shared.timers import Due
from shared.vault import Keys

from ..domain.disclosure import Contents
from ..domain.gate import demand_live
from ..domain.needs import Need
from ..domain.offer_card import coarsened
from ..domain.offer_gate import rehearse
from ..domain.offers import (
    Offer,
    OfferCommand,
    OfferedTeam,
    demand_needed,
    demand_possible,
)
from ..domain.person import team_of
from ..domain.refusals import NeedBusy
from ..domain.working_days import local_date
from ..store import cards, consents, directory, needs, seats
from ..store import offers as store
from ..store.prospects import prospects
from ..store.protections import demand_unlocked
from ..store.seats import Shown
from .begin import Target
from .offer_begin import begin, close
from .steps import demand_referable


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTeam:
    """An offering, and the team that is asked for it."""

    offering_id: UUID
    team_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """What an offer is begun with."""

    need_id: UUID
    teams: tuple[AskedTeam, ...]
    contents: Contents


async def draft(tx: Transaction, asked: NewOffer, keys: Keys) -> Offer:
    """Begin an offer of a need of one's own team's person; no team sees it."""
    tx.actor.must_be(Role.CASEWORKER)
    organisation_id, team_id = team_of(tx.actor)
    at = await needs.lock(tx, asked.need_id)
    need = await needs.load(tx.sql, asked.need_id, actor=tx.actor)
    await demand_unlocked(tx.sql, need.path_id)
    teams = await _teams(tx, asked, sender=organisation_id, at=at)
    if need.team_id != team_id:
        raise NotYourSide
    await _demand_free(tx, need)
    drafted, event = Offer(
        id=new_id(),
        path_id=need.path_id,
        need_id=need.id,
        from_organisation_id=need.home_organisation_id,
        from_team_id=need.team_id,
        from_staff_id=tx.actor.id,
        urgency=need.urgency,
        teams=teams,
        fields=asked.contents.fields,
        created_at=at,
    ).draft()
    await store.add(tx.sql, drafted, asked.contents, keys)
    await tx.tell(event)
    return drafted


async def discard(tx: Transaction, target: Target) -> Offer:
    """Throw a draft away, with what the person said about it."""
    begun = await begin(tx, OfferCommand.DISCARD, target)
    discarded, event = begun.offer.discard()
    return await close(tx, discarded, event, begun.at)


async def open_offer(tx: Transaction, target: Target, keys: Keys) -> Offer:
    """Show the card to the teams, if the gate stands open to each of them now."""
    begun = await begin(tx, OfferCommand.OPEN, target)
    at, answers = begun.at, await consents.of_offer(tx.sql, target.id, keys)
    offer = begun.offer
    offer.demand_draft()
    need = await needs.load(tx.sql, offer.need_id, actor=tx.actor)
    await _demand_free(tx, need)
    release = demand_live(answers.get(ConsentKind.SECRECY_RELEASE), at)
    contents = await store.contents(tx.sql, offer.id, keys)
    asked = await prospects(tx.sql, offer, contents, today=local_date(at))
    demand_needed(contents.items, [one.receiver for one in asked])
    for one in asked:
        rehearse(answers, one, at, referral_id=new_id())
    opened, event = offer.open(at, until=release.valid_until)
    await store.save(tx, opened)
    card = coarsened(
        await cards.card_of(tx.sql, need, at, keys), await cards.neighbours(tx.sql, need, at, keys)
    )
    await seats.show(tx.sql, opened, Shown(card=card, conditions=len(release.conditions)))
    await tx.tell(event)
    return opened


async def recall(tx: Transaction, target: Target) -> Offer:
    """Take an offer back from all teams."""
    begun = await begin(tx, OfferCommand.RECALL, target)
    recalled, event = begun.offer.recall(begun.at)
    return await close(tx, recalled, event, begun.at)


async def close_by_clock(tx: Transaction, due: Due) -> None:
    """Close what nobody has claimed in time."""
    at = await tx.lock(due.subject)
    offer = await store.load(tx.sql, due.owner, actor=tx.actor)
    if offer.version == due.version:
        expired, event = offer.expire(at)
        await close(tx, expired, event, at)


async def _teams(tx: Transaction, asked: NewOffer, *, sender: UUID, at: datetime) -> tuple[OfferedTeam, ...]:
    """The teams that are asked; raises `NotFound` or `Invalid` for the first that is not the offering's."""
    today, found = local_date(at), []
    for nth, one in enumerate(asked.teams):
        receiver = await directory.receiver_by(tx.sql, one.offering_id, sender=sender, today=today)
        if receiver.team_id != one.team_id:
            raise Invalid(errors=[{"field": f"teams.{nth}.team_id", "message": "is not the offering's team"}])
        found.append(receiver)
    demand_possible(asked.contents.items, found)
    return tuple(
        OfferedTeam(
            organisation_id=receiver.organisation_id,
            team_id=receiver.team_id,
            offering_id=receiver.offering.id,
        )
        for receiver in found
    )


async def _demand_free(tx: Transaction, need: Need) -> None:
    """Raise `NeedBusy` for a need that is handed over or offered, and for one that may not be yet."""
    if need.is_busy:
        raise NeedBusy
    await demand_referable(tx, need)
