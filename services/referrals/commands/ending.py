"""A consent's end, and what it takes with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.consents import ConsentExpired, ConsentKind, ConsentWithdrawn
from shared.events.offers import OfferConsentExpired, OfferConsentWithdrawn
from shared.events.referrals import DeclineReason
from shared.timers import cancel_timers
from shared.vault import Keys

from ..domain.consent import Consent
from ..domain.offer_consent import AnyConsent, OfferConsent
from ..domain.offers import OfferState
from ..domain.transitions import Command, Side, allowed
from ..store import consents as store
from ..store import directory, holdings, offers, referrals
from . import holding as holders
from .begin import finish
from .offer_begin import close

End = ConsentWithdrawn | ConsentExpired | OfferConsentWithdrawn | OfferConsentExpired

_HERS = frozenset({Side.PERSON})


async def end(tx: Transaction, ended: AnyConsent, event: End, keys: Keys) -> None:
    """The end, its copies locked, its open referrals lost, all told: one transaction, before any answer.

    Her no to the offering ends the referral; that the time of her yes to it is out is no such no.  What she
    said to an offer closes it, for it was opened on all of that.
    """
    assert ended.ended_at is not None  # noqa: S101 - it was just ended
    await store.end(tx.sql, ended, by=tx.actor.id)
    await cancel_timers(tx, owner=ended.id)
    await tx.tell(event)
    if isinstance(ended, OfferConsent):
        await _close_offer(tx, ended, ended.ended_at)
    else:
        await _let_end(tx, ended, event, keys)


async def _close_offer(tx: Transaction, ended: OfferConsent, at: datetime) -> None:
    offer = await offers.load(tx.sql, ended.offer_id, actor=tx.actor)
    if offer.state is OfferState.OPEN:
        closed, event = offer.lose_consent(at)
        await close(tx, closed, event, at)


async def _let_end(tx: Transaction, ended: Consent, event: End, keys: Keys) -> None:
    assert ended.ended_at is not None  # noqa: S101 - it was just ended
    if ended.kind is not ConsentKind.PARTICIPATION:
        await _close(tx, ended, ended.ended_at, keys)
    elif isinstance(event, ConsentWithdrawn):
        await let_go(tx, ended.referral_id, ended.ended_at)


async def let_go(tx: Transaction, referral_id: UUID, at: datetime) -> None:
    """Take back or end the referral that the person does not want; what is queued the gate turns back."""
    found = await referrals.open_one(tx.sql, referral_id)
    lawful = allowed(found.state, _HERS) if found else []
    if found and Command.RECALL in lawful:
        await finish(tx, *found.recall(_HERS, at, reason=None))
    elif found and Command.END in lawful:
        await finish(tx, *found.end(_HERS, at, reason=DeclineReason.NO_LONGER_WANTED))


async def _close(tx: Transaction, ended: Consent, at: datetime, keys: Keys) -> None:
    """Lock what rested on the consent: the whole where nothing is left of use without it."""
    resting = await referrals.resting_on(tx.sql, ended)
    whole = ended.kind is ConsentKind.SECRECY_RELEASE or (
        bool(resting)
        and (await directory.offering_of(tx.sql, ended.referral_id)).is_lost_without(ended.fields)
    )
    for holding in await holdings.under(tx.sql, [ended], keys):
        if whole:
            await holders.close(tx, holding, consent_id=ended.id, at=at)
        else:
            await holders.lock(tx, holding, holding.under(ended), consent_id=ended.id, at=at)
    for referral in resting if whole else []:
        await finish(tx, *referral.lose_consent(at))
