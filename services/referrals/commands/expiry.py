"""A consent's time: the notices before its end, and the end."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from shared.database import Transaction
from shared.timers import Due, Rings, Timer, set_timers
from shared.vault import Keys

from ..domain.consent import NOTICE_DAYS, Consent
from ..domain.offer_consent import AnyConsent, demand_edge
from ..store import consents as store
from ..store import referrals
from .ending import end

EXPIRY = "consent_expiry"
"""The timer that ends a consent when its time runs out."""


async def set_clocks(tx: Transaction, consent: AnyConsent, at: datetime) -> None:
    """Let the consent run out at its end, with its notices, in place of what was set before.

    Of a consent to an offer no notice is given: an offer is over in days.
    """
    timers = [Timer(EXPIRY, consent.valid_until, consent.version)]
    if isinstance(consent, Consent):
        notices = consent.notices_after(at).items()
        timers += [Timer(_notice(days), due_at, consent.version) for days, due_at in notices]
    await set_timers(tx, owner=consent.id, subject=consent.path_id, timers=timers)


async def give_notice(tx: Transaction, due: Due, keys: Keys, days: int) -> None:
    """Tell that a consent which an open referral rests on runs out in so many days."""
    await tx.lock(due.subject)
    consent = demand_edge(await store.load(tx.sql, due.owner, actor=tx.actor, keys=keys))
    for referral in await referrals.resting_on(tx.sql, consent):
        await tx.tell(
            consent.expiring(days, from_team_id=referral.from_team_id, from_staff_id=referral.from_staff_id)
        )


def rings(keys: Keys) -> Rings:
    """What the clock does about consents."""
    notices = {_notice(days): partial(give_notice, keys=keys, days=days) for days in NOTICE_DAYS}
    return {EXPIRY: partial(expire, keys=keys), **notices}


def _notice(days: int) -> str:
    return f"consent_expiring_{days}"


async def expire(tx: Transaction, due: Due, keys: Keys) -> None:
    """End a consent whose time has run out."""
    at = await tx.lock(due.subject)
    consent = await store.load(tx.sql, due.owner, actor=tx.actor, keys=keys)
    if consent.version == due.version:
        ended, event = consent.expire(at)
        await end(tx, ended, event, keys)
