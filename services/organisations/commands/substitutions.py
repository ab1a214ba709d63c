"""Substitutes: named and released by those who are away, their leads and their administrators."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id

from ..domain import rights
from ..domain.days import local_date
from ..domain.staff import Staff
from ..domain.substitution import Substitution, must_arrange_for
from ..store import staff
from ..store import substitutions as store
from ..store.rows import note_change
from .seen import must_be_current


async def begin(
    tx: Transaction, *, staff_id: UUID | None, substitute_id: UUID, valid_from: date | None, valid_until: date
) -> Substitution:
    """Let a colleague stand in, for oneself unless another is named, from today unless told otherwise."""
    rights.must_be_staff(tx.actor)
    home = rights.home_of(tx.actor)
    today = local_date(await tx.lock(home))
    away = await staff.load(tx.sql, staff_id or tx.actor.id)
    substitute = await staff.load(tx.sql, substitute_id)
    must_arrange_for(tx.actor, away)
    new = Substitution(
        id=new_id(),
        organisation_id=home,
        staff_id=away.id,
        substitute_id=substitute.id,
        valid_from=valid_from or today,
        valid_until=valid_until,
        ended_at=None,
        version=1,
    )
    event = new.begin(substitute=substitute, today=today, beside=await store.of(tx.sql, away.id))
    await store.add(tx.sql, new)
    await tx.tell(event)
    return new


async def end(tx: Transaction, substitution_id: UUID, *, seen: int) -> Substitution:
    """Release a substitute."""
    rights.must_be_staff(tx.actor)
    at = await tx.lock(rights.home_of(tx.actor))
    substitution = await store.load(tx.sql, substitution_id)
    must_arrange_for(tx.actor, await staff.load(tx.sql, substitution.staff_id))
    await must_be_current(tx, substitution, seen)
    return await _end(tx, substitution, at)


async def end_with(tx: Transaction, *, before: Staff, now: Staff, at: datetime) -> None:
    """Release whom a member of staff, who is otherwise now, leaves without sense; for the staff's command."""
    for one in await store.with_either(tx.sql, now.id):
        other = await staff.load(tx.sql, one.substitute_id if one.staff_id == now.id else one.staff_id)
        if not one.outlives(before=before, now=now, other=other):
            await _end(tx, one, at)


async def _end(tx: Transaction, substitution: Substitution, at: datetime) -> Substitution:
    ended, event = substitution.end(at=at)
    await store.save(tx.sql, ended)
    await note_change(tx.sql, ended.id, ended.version, ["status"])
    await tx.tell(event)
    return ended
