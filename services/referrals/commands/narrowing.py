"""The person takes back a part of what she said yes to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.base import ItemField
from shared.vault import Keys

from ..domain.asking import narrowed
from ..domain.consent import Consent, Narrowed
from ..domain.offer_consent import AnyConsent, OfferConsent
from ..domain.offers import OfferState
from ..store import consents as store
from ..store import directory, holdings, offers
from . import holding as holders
from .consents import demand_sender
from .ending import end
from .expiry import set_clocks


async def narrow(
    tx: Transaction,
    consent_id: UUID,
    *,
    fields: frozenset[ItemField] | None,
    until: datetime | None,
    keys: Keys,
) -> AnyConsent:
    """Take back items or time, for whoever asks in the person's name at the sender, or for herself.

    Without an item that the offering cannot do without the rest is of no use: then the consent ends.
    Nobody is asked which version she saw: nothing is widened by it.
    """
    at = await tx.lock(await store.path_of(tx.sql, consent_id, tx.actor))
    consent = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    demand_sender(tx, consent)
    if isinstance(consent, OfferConsent):
        return await _of_offer(tx, consent, *narrowed(consent, fields=fields, until=until, at=at), keys)
    return await _of_referral(tx, consent, *narrowed(consent, fields=fields, until=until, at=at), keys)


async def _of_referral(
    tx: Transaction, consent: Consent, narrower: Consent, taken: Narrowed, keys: Keys
) -> Consent:
    offering = await directory.offering_of(tx.sql, consent.referral_id)
    if taken.dropped & offering.required_fields:
        ended, event = consent.withdraw(taken.at)
        await end(tx, ended, event, keys)
        return ended
    await store.narrow(tx.sql, narrower, taken, by=tx.actor.id)
    for holding in await holdings.under(tx.sql, [consent], keys):
        await holders.lock(tx, holding, taken.dropped, consent_id=consent.id, at=taken.at)
    await set_clocks(tx, narrower, taken.at)
    await tx.tell(narrower.narrowed(taken))
    return narrower


async def _of_offer(
    tx: Transaction, consent: OfferConsent, narrower: OfferConsent, taken: Narrowed, keys: Keys
) -> OfferConsent:
    """Each item of an offer is one that some team cannot do without."""
    if taken.dropped:
        ended, event = consent.withdraw(taken.at)
        await end(tx, ended, event, keys)
        return ended
    await store.narrow(tx.sql, narrower, taken, by=tx.actor.id)
    await set_clocks(tx, narrower, taken.at)
    await tx.tell(narrower.narrowed(taken))
    offer = await offers.load(tx.sql, consent.offer_id, actor=tx.actor)
    if offer.state is OfferState.OPEN:
        await offers.save(tx, offer.shorten(taken.valid_until))
    return narrower
