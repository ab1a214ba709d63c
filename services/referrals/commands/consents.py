"""Consents: given or refused, withdrawn, run out; and what an end takes with it."""

from __future__ import annotations

from uuid import UUID

from shared.actor import ActorKind
from shared.crypto import Keyring
from shared.database import Transaction
from shared.errors import Invalid, NotYourSide
from shared.events.base import Role
from shared.events.consents import ConsentExpired, ConsentWithdrawn
from shared.ids import new_id
from shared.timers import Due, Timer, cancel_timers, set_timers

from .. import texts
from ..domain.asking import Reply, answered
from ..domain.consent import Answer, Consent
from ..domain.referral import Referral
from ..domain.transitions import Command, State, illegal
from ..store import consents as store
from ..store import disclosures, referrals
from .begin import Target, begin

EXPIRY = "consent_expiry"
"""The timer that ends a consent when its time runs out."""


async def give(tx: Transaction, referral_id: UUID, reply: Reply, keys: Keyring) -> Consent:
    """Record what the person answered; a newer answer takes an older one's place."""
    begun = await begin(tx, Command.SEND, Target(id=referral_id), keys)
    consent = answered(reply, begun.referral, consent_id=new_id(), at=begun.at)
    _demand_shown(reply, begun.referral)
    if begun.referral.state is not State.DRAFT:
        raise illegal(begun.referral.state, begun.by)
    older = begun.release
    if older is not None and older.answer is Answer.YES and older.ended_at is None:
        await store.end(tx.sql, older.replace(begun.at), by=tx.actor.id)
        await cancel_timers(tx, owner=older.id)
    await store.add(tx.sql, consent, keys)
    if consent.answer is Answer.YES:
        timer = Timer(EXPIRY, consent.valid_until, consent.version)
        await set_timers(tx, owner=consent.id, subject=consent.path_id, timers=[timer])
    await tx.tell(consent.given())
    return consent


async def withdraw(tx: Transaction, consent_id: UUID, keys: Keyring) -> Consent:
    """Take a consent back, for whoever asks in the person's name at the sender, or for herself (R-11).

    Nobody is asked which version she saw, nor why: a withdrawal is never too late.
    """
    path_id = await store.path_of(tx.sql, consent_id, tx.actor)
    at = await tx.lock(path_id)
    consent = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    _demand_sender(tx, consent)
    ended, event = consent.withdraw(at)
    await _end(tx, ended, event)
    return ended


async def expire(tx: Transaction, due: Due, keys: Keyring) -> None:
    """End a consent whose time has run out."""
    at = await tx.lock(due.subject)
    consent = await store.load(tx.sql, due.owner, actor=tx.actor, keys=keys)
    if consent.version == due.version:
        ended, event = consent.expire(at)
        await _end(tx, ended, event)


async def _end(tx: Transaction, ended: Consent, event: ConsentWithdrawn | ConsentExpired) -> None:
    """The end, its copies locked, its open referrals lost, all told: one transaction, before any answer."""
    assert ended.ended_at is not None  # noqa: S101 - it was just ended
    await store.end(tx.sql, ended, by=tx.actor.id)
    await disclosures.lock(tx.sql, ended)
    await cancel_timers(tx, owner=ended.id)
    await tx.tell(event)
    for referral in await referrals.resting_on(tx.sql, ended):
        lost, loss = referral.lose_consent(ended.ended_at)
        await referrals.save(tx.sql, lost)
        await tx.tell(loss)


def _demand_sender(tx: Transaction, consent: Consent) -> None:
    if tx.actor.kind is ActorKind.PERSON:
        return
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    if tx.actor.organisation_id != consent.from_organisation_id:
        raise NotYourSide


def _demand_shown(reply: Reply, referral: Referral) -> None:
    """Raise `Invalid` unless the hash is that of the text that asks about this very referral (R-10)."""
    language = texts.Language(reply.proof.language)
    lawful = {
        texts.consent_text(reply.kind, language, fields=referral.fields, until=until).sha256
        for until in {reply.until, None}
    }
    if reply.proof.text_sha256 not in lawful or reply.proof.text_version != texts.CURRENT_VERSION:
        raise Invalid(
            errors=[{"field": "text_sha256", "message": "is not the hash of the text for this referral"}]
        )
