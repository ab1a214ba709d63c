"""The person takes back a part of what she said yes to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.crypto import Keyring
from shared.database import Transaction
from shared.events.base import ItemField

from ..domain.asking import narrowed
from ..domain.consent import Consent
from ..store import consents as store
from ..store import directory, holdings
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
    keys: Keyring,
) -> Consent:
    """Take back items or time, for whoever asks in the person's name at the sender, or for herself.

    Without an item that the offering cannot do without the rest is of no use: then the consent ends.
    Nobody is asked which version she saw: nothing is widened by it.
    """
    at = await tx.lock(await store.path_of(tx.sql, consent_id, tx.actor))
    consent = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    demand_sender(tx, consent)
    narrower, taken = narrowed(consent, fields=fields, until=until, at=at)
    offering = await directory.offering_of(tx.sql, consent.referral_id)
    if taken.dropped & offering.required_fields:
        ended, event = consent.withdraw(at)
        await end(tx, ended, event, keys)
        return ended
    await store.narrow(tx.sql, narrower, taken, by=tx.actor.id)
    for holding in await holdings.under(tx.sql, [consent], keys):
        await holders.lock(tx, holding, taken.dropped, consent_id=consent.id, at=at)
    await set_clocks(tx, narrower, at)
    await tx.tell(narrower.narrowed(taken))
    return narrower
