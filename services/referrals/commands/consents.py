"""Consents: given or refused, and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shared.actor import ActorKind
from shared.crypto import Owner
from shared.database import Transaction
from shared.errors import NotYourSide
from shared.events.base import Role
from shared.events.consents import ConsentKind
from shared.ids import new_id
from shared.timers import cancel_timers
from shared.vault import Keys

from ..domain.asking import Reply, answered, answered_to_offer
from ..domain.beside import asked_about, asked_of_teams
from ..domain.consent import Answer, Consent, PersonsAnswer
from ..domain.offer_consent import AnyConsent, OfferConsent
from ..domain.offers import OfferCommand
from ..domain.transitions import OPEN_STATES, Command, State, illegal
from ..domain.working_days import local_date
from ..store import consents as store
from ..store import items, offers
from ..store.prospects import prospects
from . import offer_begin
from .asking import demand_shown
from .begin import Target, begin
from .ending import end, let_go
from .expiry import set_clocks

_ASKED_IN = {
    ConsentKind.SECRECY_RELEASE: frozenset({State.DRAFT}),
    ConsentKind.PROCESSING_CONSENT: frozenset({State.DRAFT}),
    ConsentKind.PARTICIPATION: OPEN_STATES | {State.DRAFT},
}
"""In which states each kind is asked about; whether she wants the offering may be asked later too."""


async def give(tx: Transaction, referral_id: UUID, reply: Reply, keys: Keys) -> Consent:
    """Record what the person answered; a newer answer takes an older one's place."""
    begun = await begin(tx, Command.SEND, Target(id=referral_id), keys)
    departure = await items.departure(tx.sql, referral_id, today=local_date(begun.at), keys=keys)
    asked = asked_about(reply.kind, departure.package.items, departure.receiver)
    consent = answered(reply, begun.referral, asked=asked, consent_id=new_id(), at=begun.at)
    demand_shown(consent, fields=asked, until=reply.until)
    if begun.referral.state not in _ASKED_IN[reply.kind]:
        raise illegal(begun.referral.state, begun.by)
    release = reply.kind is ConsentKind.SECRECY_RELEASE
    await _replace(tx, begun.release if release else departure.beside.of(reply.kind), begun.at)
    await store.add(tx.sql, consent, keys)
    if consent.answer is Answer.YES:
        await _give_keys(consent, [consent.to_organisation_id], keys)
        await set_clocks(tx, consent, begun.at)
    await tx.tell(consent.given())
    if consent.answer is Answer.NO and consent.kind is ConsentKind.PARTICIPATION:
        await let_go(tx, consent.referral_id, begun.at)
    return consent


async def give_to_offer(tx: Transaction, offer_id: UUID, reply: Reply, keys: Keys) -> OfferConsent:
    """Record what the person answered about an offer, each team of it named to her, before it is opened."""
    begun = await offer_begin.begin(tx, OfferCommand.OPEN, Target(id=offer_id))
    offer, at = begun.offer, begun.at
    contents = await offers.contents(tx.sql, offer_id, keys)
    teams = await prospects(tx.sql, offer, contents, today=local_date(at))
    asked = asked_of_teams(reply.kind, [(one.items, one.receiver) for one in teams])
    consent = answered_to_offer(reply, offer, asked=asked, consent_id=new_id(), at=at)
    demand_shown(consent, fields=asked, until=reply.until, teams=len(offer.teams))
    offer.demand_draft()
    await _replace(tx, (await store.of_offer(tx.sql, offer_id, keys)).get(reply.kind), at)
    await store.add(tx.sql, consent, keys)
    if consent.answer is Answer.YES:
        await _give_keys(consent, {team.organisation_id for team in offer.teams}, keys)
        await set_clocks(tx, consent, at)
    await tx.tell(consent.given())
    return consent


async def _give_keys(consent: PersonsAnswer, receivers: Iterable[UUID], keys: Keys) -> None:
    """A receiver's key is born with her yes, so that no key is written while she is handed over."""
    if consent.kind is ConsentKind.SECRECY_RELEASE:
        await keys.share(Owner(consent.path_id, consent.from_organisation_id), receivers)


async def _replace(tx: Transaction, older: PersonsAnswer | None, at: datetime) -> None:
    if older is not None and older.answer is Answer.YES and older.ended_at is None:
        await store.end(tx.sql, older.replace(at), by=tx.actor.id)
        await cancel_timers(tx, owner=older.id)


async def withdraw(tx: Transaction, consent_id: UUID, keys: Keys) -> AnyConsent:
    """Take a consent back, for whoever asks in the person's name at the sender, or for herself (R-11).

    Nobody is asked which version she saw, nor why: a withdrawal is never too late.  What has been renewed
    meanwhile is taken back with its renewal, for she wants it shared no longer.
    """
    path_id = await store.path_of(tx.sql, consent_id, tx.actor)
    at = await tx.lock(path_id)
    newest = await store.newest_of(tx.sql, consent_id)
    consent = await store.load(tx.sql, newest, actor=tx.actor, keys=keys)
    demand_sender(tx, consent)
    ended, event = consent.withdraw(at)
    await end(tx, ended, event, keys)
    return ended


def demand_sender(tx: Transaction, consent: PersonsAnswer) -> None:
    """Raise for anybody but the person and whoever works with her at the sender."""
    if tx.actor.kind is ActorKind.PERSON:
        return
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    if tx.actor.organisation_id != consent.from_organisation_id:
        raise NotYourSide
