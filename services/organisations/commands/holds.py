"""Holding a place while a person is asked, and letting it go."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shared.database import Transaction
from shared.events.base import Role
from shared.ids import new_id

from ..domain import rights
from ..domain.hold import HeldAlready, Hold
from ..store import holds as store
from ..store import offerings
from .seen import must_be_current


async def hold(tx: Transaction, offering_id: UUID, *, lasts: timedelta) -> Hold:
    """Keep a free place of an offering for a caseworker; of many at once the last place goes to one."""
    tx.actor.must_be(Role.CASEWORKER)
    home = rights.home_of(tx.actor)
    organisation_id = (await offerings.load(tx.sql, offering_id)).organisation_id
    at = await tx.lock(organisation_id)
    if (held := await store.of_one(tx.sql, offering_id, tx.actor.id)) is not None:
        raise HeldAlready(hold_id=str(held))
    begun = Hold(
        id=new_id(),
        organisation_id=home,
        offering_id=offering_id,
        staff_id=tx.actor.id,
        began_at=at,
        ends_at=at + lasts,
    ).begin(await offerings.load(tx.sql, offering_id))
    await store.add(tx.sql, begun)
    return begun


async def release(tx: Transaction, hold_id: UUID, *, seen: int) -> Hold:
    """Let a place go before its time."""
    found = await store.load(tx.sql, hold_id)
    at = await tx.lock((await offerings.load(tx.sql, found.offering_id)).organisation_id)
    found = await store.load(tx.sql, hold_id)
    tx.actor.must_be(Role.CASEWORKER)
    await must_be_current(tx, found, seen)
    released = found.release(by=tx.actor.id, at=at)
    await store.save(tx.sql, released)
    return released
