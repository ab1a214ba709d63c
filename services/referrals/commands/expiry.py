"""A consent's time: how it runs out."""

from __future__ import annotations

from shared.crypto import Keyring
from shared.database import Transaction
from shared.timers import Due, Timer, set_timers

from ..domain.consent import Consent
from ..store import consents as store
from .ending import end

EXPIRY = "consent_expiry"
"""The timer that ends a consent when its time runs out."""


async def set_clock(tx: Transaction, consent: Consent) -> None:
    """Let the consent run out at its end, in place of what was set before."""
    timers = [Timer(EXPIRY, consent.valid_until, consent.version)]
    await set_timers(tx, owner=consent.id, subject=consent.path_id, timers=timers)


async def expire(tx: Transaction, due: Due, keys: Keyring) -> None:
    """End a consent whose time has run out."""
    at = await tx.lock(due.subject)
    consent = await store.load(tx.sql, due.owner, actor=tx.actor, keys=keys)
    if consent.version == due.version:
        ended, event = consent.expire(at)
        await end(tx, ended, event, keys)
