"""How it went, to both sides and to the person, each as far as it may hear the others."""

from __future__ import annotations

from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.vault import Keys

from ..domain.outcomes import Outcomes
from ..store import outcomes as store
from ..store.referrals import lock
from .referrals import heard


async def of_referral(tx: Transaction, referral_id: UUID, keys: Keys) -> Outcomes:
    """All that the caller may know of how it went; to the receiver only while the consent lives.

    Under the path's lock, as `disclosure` is.
    """
    await lock(tx, referral_id)
    found, sides = await heard(tx, referral_id, keys)
    await note_reads(tx, Read.OUTCOMES, [referral_id])
    return (await store.of_referral(tx.sql, found.referral, keys)).as_met_by(sides)
