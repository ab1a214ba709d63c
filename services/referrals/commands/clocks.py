"""What happens when a clock rings: a stage of silence is told, or the referral expires."""

from __future__ import annotations

from functools import partial

from shared.database import Transaction
from shared.events.referrals import ReferralOverdue, Stage
from shared.timers import Due, Rings
from shared.vault import Keys

from ..domain.clocks import Ring, owed_by
from ..domain.need_transitions import NeedState
from ..domain.referral import Referral
from ..domain.transitions import CLOSED_STATES, State
from ..store import needs
from ..store import referrals as store
from .begin import finish


def rings(keys: Keys) -> Rings:
    """What each ring of a referral's clock does."""
    stages: Rings = {str(stage): partial(tell, stage=stage, keys=keys) for stage in Stage}
    return {**stages, Ring.EXPIRE: partial(expire, keys=keys)}


async def tell(tx: Transaction, due: Due, *, stage: Stage, keys: Keys) -> None:
    """Tell that something is owed, unless it has been done."""
    referral = await _current(tx, due, keys)
    if referral is not None and await _is_owed(tx, referral):
        owes = owed_by(referral.state)
        await tx.tell(ReferralOverdue(**referral.about(), stage=stage, owed_by=owes))


async def expire(tx: Transaction, due: Due, keys: Keys) -> None:
    """Give up waiting; the need is its home's to solve some other way."""
    at = await tx.lock(due.subject)
    referral = await _current(tx, due, keys)
    if referral is not None:
        await finish(tx, *referral.expire(at))


async def _current(tx: Transaction, due: Due, keys: Keys) -> Referral | None:
    """The referral, if it is still in the state whose clock this is."""
    found = await store.load(tx.sql, due.owner, staff_id=tx.actor.id, keys=keys)
    return found.referral if found.referral.since == due.version else None


async def _is_owed(tx: Transaction, referral: Referral) -> bool:
    """After an end the next step is owed, as long as the need is open and wanted and nobody has it."""
    if referral.state not in CLOSED_STATES - {State.COMPLETED}:
        return True
    need = await needs.load(tx.sql, referral.need_id, actor=tx.actor)
    return need.state is NeedState.OPEN and not need.is_busy and need.said_no_at is None
