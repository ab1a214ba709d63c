"""Open offers, to whoever made them and the person, and to the teams that are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.actor import Actor, ActorKind
from shared.database import Transaction
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role
from shared.events.consents import ConsentKind
from shared.vault import Keys

from .. import texts
from ..domain.beside import asked_of_teams
from ..domain.disclosure import Package, packaged
from ..domain.offer_card import OfferCard, coarsened
from ..domain.offers import Meeting, Offer, OfferCommand, OfferedTeam, permit
from ..domain.person import team_of
from ..domain.working_days import local_date
from ..store import cards, consents, needs, seats
from ..store import offers as store
from ..store.prospects import prospects
from ..store.rows import Slice
from ..store.seats import Seat, Shown
from .asked import Asked
from .referrals import PARTIES, Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An offer as its sender and the person see it, with the card once it was laid out."""

    offer: Offer
    shown: Shown | None

    @property
    def id(self) -> UUID:
        return self.offer.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What one team would read if it claimed the offer."""

    team: OfferedTeam
    package: Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The card that all teams would see, and what the one that claims would read."""

    card: OfferCard
    teams: tuple[Foreseen, ...]
    conditions: tuple[str, ...]
    message: str | None


async def offer(tx: Transaction, offer_id: UUID) -> Made | Seat:
    """One offer; to a team that was asked only what it may know."""
    meeting = await store.met(tx.sql, offer_id, tx.actor)
    if _makes(meeting, tx.actor):
        return await _made(tx, offer_id)
    if not tx.actor.has(*PARTIES):
        raise RoleMissing
    organisation_id, team_id = team_of(tx.actor)
    if team_id not in meeting.teams or not tx.actor.has(Role.RECIPIENT, Role.TEAM_LEAD):
        raise NotYourSide
    return await seats.seat(tx.sql, offer_id, organisation_id=organisation_id, team_id=team_id)


async def made(tx: Transaction, offer: Offer) -> Made:
    """The offer as its sender sees it, after a command."""
    return Made(offer=offer, shown=(await seats.shown(tx.sql, [offer.id])).get(offer.id))


async def boxed(tx: Transaction, part: Slice, *, box: Box | None) -> Sequence[Made | Seat]:
    """The offers that the caller's team was asked by (`in`), has made (`out`), or both, newest first."""
    tx.actor.must_be(*PARTIES)
    organisation_id, team_id = team_of(tx.actor)
    found: list[Made | Seat] = []
    if box is not Box.IN:
        offers = await store.listed(tx.sql, part, organisation_id=organisation_id, team_id=team_id)
        shown = await seats.shown(tx.sql, [one.id for one in offers])
        found += [Made(offer=one, shown=shown.get(one.id)) for one in offers]
    if box is not Box.OUT:
        found += await seats.seats(tx.sql, part, organisation_id=organisation_id, team_id=team_id)
    return sorted(found, key=lambda one: one.id, reverse=True)[: part.limit]


async def preview(tx: Transaction, offer_id: UUID, keys: Keys) -> Preview:
    """What each of the teams would read, for the sender and the person."""
    found, at = await own(tx, offer_id), await tx.now()
    contents = await store.contents(tx.sql, offer_id, keys)
    await note_reads(tx, Read.PREVIEW, [offer_id])
    release = (await consents.of_offer(tx.sql, offer_id, keys)).get(ConsentKind.SECRECY_RELEASE)
    return Preview(
        card=await _card(tx, found, at, keys),
        teams=tuple(
            Foreseen(team=one.team, package=packaged(one.items))
            for one in await prospects(tx.sql, found.offer, contents, today=local_date(at))
        ),
        conditions=release.conditions if release is not None and release.is_live(at) else (),
        message=contents.message,
    )


async def text(tx: Transaction, offer_id: UUID, asked: Asked, keys: Keys) -> texts.ConsentText:
    """The exact text that asks the person about an offer, each team of which is named beside it."""
    offer = (await own(tx, offer_id)).offer
    contents = await store.contents(tx.sql, offer_id, keys)
    teams = await prospects(tx.sql, offer, contents, today=local_date(await tx.now()))
    fields = asked_of_teams(asked.kind, [(one.items, one.receiver) for one in teams])
    return texts.consent_text(
        asked.kind, asked.language, fields=fields, until=asked.until, teams=len(offer.teams)
    )


async def own(tx: Transaction, offer_id: UUID) -> Made:
    """The offer, for whoever made it and the person; raises for the teams that are asked."""
    meeting = await store.met(tx.sql, offer_id, tx.actor)
    if not _makes(meeting, tx.actor):
        permit(OfferCommand.OPEN, frozenset(), tx.actor.roles)
    return await _made(tx, offer_id)


async def _made(tx: Transaction, offer_id: UUID) -> Made:
    return await made(tx, await store.load(tx.sql, offer_id, actor=tx.actor))


async def _card(tx: Transaction, found: Made, at: datetime, keys: Keys) -> OfferCard:
    """The card that was laid out, or, before that, the one that would be now."""
    if found.shown is not None:
        return found.shown.card
    need = await needs.load(tx.sql, found.offer.need_id, actor=tx.actor)
    return coarsened(
        await cards.card_of(tx.sql, need, at, keys), await cards.neighbours(tx.sql, need, at, keys)
    )


def _makes(meeting: Meeting, actor: Actor) -> bool:
    """Whether it is the person's own or that of the caller's team."""
    if actor.kind is ActorKind.PERSON:
        return True
    home = (meeting.from_organisation_id, meeting.from_team_id)
    return (actor.organisation_id, actor.team_id) == home and actor.has(Role.CASEWORKER, Role.TEAM_LEAD)
