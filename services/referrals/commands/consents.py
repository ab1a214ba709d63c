"""Consents: given or refused, and withdrawn."""

from __future__ import annotations

from uuid import UUID

from shared.actor import ActorKind
from shared.crypto import Keyring
from shared.database import Transaction
from shared.errors import NotYourSide
from shared.events.base import Role
from shared.ids import new_id
from shared.timers import cancel_timers

from ..domain.asking import Reply, answered
from ..domain.consent import Answer, Consent
from ..domain.transitions import Command, State, illegal
from ..store import consents as store
from .asking import demand_shown
from .begin import Target, begin
from .ending import end
from .expiry import set_clocks


async def give(tx: Transaction, referral_id: UUID, reply: Reply, keys: Keyring) -> Consent:
    """Record what the person answered; a newer answer takes an older one's place."""
    begun = await begin(tx, Command.SEND, Target(id=referral_id), keys)
    consent = answered(reply, begun.referral, consent_id=new_id(), at=begun.at)
    demand_shown(consent, fields=begun.referral.fields, until=reply.until)
    if begun.referral.state is not State.DRAFT:
        raise illegal(begun.referral.state, begun.by)
    older = begun.release
    if older is not None and older.answer is Answer.YES and older.ended_at is None:
        await store.end(tx.sql, older.replace(begun.at), by=tx.actor.id)
        await cancel_timers(tx, owner=older.id)
    await store.add(tx.sql, consent, keys)
    if consent.answer is Answer.YES:
        await set_clocks(tx, consent, begun.at)
    await tx.tell(consent.given())
    return consent


async def withdraw(tx: Transaction, consent_id: UUID, keys: Keyring) -> Consent:
    """Take a consent back, for whoever asks in the person's name at the sender, or for herself (R-11).

    Nobody is asked which version she saw, nor why: a withdrawal is never too late.
    """
    path_id = await store.path_of(tx.sql, consent_id, tx.actor)
    at = await tx.lock(path_id)
    consent = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    demand_sender(tx, consent)
    ended, event = consent.withdraw(at)
    await end(tx, ended, event, keys)
    return ended


def demand_sender(tx: Transaction, consent: Consent) -> None:
    """Raise for anybody but the person and whoever works with her at the sender."""
    if tx.actor.kind is ActorKind.PERSON:
        return
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    if tx.actor.organisation_id != consent.from_organisation_id:
        raise NotYourSide
