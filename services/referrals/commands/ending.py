"""A consent's end, and what it takes with it."""

from __future__ import annotations

from shared.crypto import Keyring
from shared.database import Transaction
from shared.events.consents import ConsentExpired, ConsentWithdrawn
from shared.timers import cancel_timers

from ..domain.consent import Consent
from ..store import consents as store
from ..store import holdings, referrals
from . import holding as holders


async def end(
    tx: Transaction, ended: Consent, event: ConsentWithdrawn | ConsentExpired, keys: Keyring
) -> None:
    """The end, its copies locked, its open referrals lost, all told: one transaction, before any answer."""
    assert ended.ended_at is not None  # noqa: S101 - it was just ended
    await store.end(tx.sql, ended, by=tx.actor.id)
    for holding in await holdings.under(tx.sql, [ended], keys):
        await holders.close(tx, holding, consent_id=ended.id, at=ended.ended_at)
    await cancel_timers(tx, owner=ended.id)
    await tx.tell(event)
    for referral in await referrals.resting_on(tx.sql, ended):
        lost, loss = referral.lose_consent(ended.ended_at)
        await referrals.save(tx.sql, lost)
        await tx.tell(loss)
