"""What a holder may read no more, and its answer; silence is told to somebody higher each time."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from shared.database import Transaction
from shared.events.consents import Receipt
from shared.ids import new_id
from shared.timers import Due, Rings, Timer, cancel_timers, set_timers
from shared.vault import Keys

from ..domain.holding import ESCALATES_AFTER, Fields, Holding, escalations
from ..store import holdings as store


async def lock(tx: Transaction, holding: Holding, fields: Fields, *, consent_id: UUID, at: datetime) -> None:
    """Lock fields of a copy; what was opened must be answered for in time."""
    locked = holding.lock(fields, consent_id=consent_id, lock_id=new_id(), at=at)
    if locked is None:
        return
    await store.add_lock(tx.sql, holding, locked)
    if locked.was_opened:
        timers = [Timer(_kind(stage), due_at, 1) for stage, due_at in escalations(at).items()]
        await set_timers(tx, owner=locked.id, subject=holding.path_id, timers=timers)


async def close(tx: Transaction, holding: Holding, *, consent_id: UUID, at: datetime) -> None:
    """Lock the whole of a copy."""
    await store.close(tx.sql, holding, at)
    await lock(tx, holding, holding.fields, consent_id=consent_id, at=at)


async def answer(
    tx: Transaction, disclosure_id: UUID, said: Receipt, ground: str | None, keys: Keys
) -> Holding:
    """Keep what the holder says that it did with what it may read no more."""
    path_id = (await store.load(tx.sql, disclosure_id, actor=tx.actor, keys=keys)).path_id
    at = await tx.lock(path_id)
    holding = await store.load(tx.sql, disclosure_id, actor=tx.actor, keys=keys)
    answered, receipt, event = holding.answer(said, ground, by=tx.actor, said_id=new_id(), at=at)
    await store.add_receipt(tx.sql, holding, receipt, keys)
    for one in holding.locks:
        if not one.fields & answered.owed:
            await cancel_timers(tx, owner=one.id)
    await tx.tell(event)
    return answered


async def tell_silence(tx: Transaction, due: Due, keys: Keys, stage: int) -> None:
    """Tell that a lock is still not answered for."""
    await tx.lock(due.subject)
    holding = await store.with_lock(tx.sql, due.owner, keys)
    locked = next(one for one in holding.locks if one.id == due.owner)
    if (event := holding.silence(locked, stage)) is not None:
        await tx.tell(event)


def rings(keys: Keys) -> Rings:
    """What the clock does about silence."""
    return {_kind(stage): partial(tell_silence, keys=keys, stage=stage) for stage in ESCALATES_AFTER}


def _kind(stage: int) -> str:
    return f"disclosure_unanswered_{stage}"
