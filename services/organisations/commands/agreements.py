"""Agreements, written down by those who hold a role for the network."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id

from ..domain import rights
from ..domain.agreement import Agreement
from ..store import agreements as store
from ..store import organisations
from ..store.rows import note_change
from .seen import must_be_current


async def conclude(
    tx: Transaction,
    *,
    parties: Sequence[UUID],
    name: str | None,
    valid_from: date | None,
    valid_until: date | None,
) -> Agreement:
    """Begin an agreement between the parties, from today unless another date is given."""
    tx.actor.must_be(*rights.ONBOARDS)
    at = await tx.lock(parties[0])
    await organisations.must_exist(tx.sql, parties)
    agreement, event = Agreement.conclude(
        id=new_id(),
        parties=tuple(parties),
        name=name,
        valid_from=valid_from or at.astimezone(UTC).date(),
        valid_until=valid_until,
    )
    await tx.act_for(agreement.organisation_id)
    await store.add(tx.sql, agreement)
    await tx.tell(event)
    return agreement


async def end(tx: Transaction, agreement_id: UUID, *, seen: int) -> Agreement:
    """Let an agreement no longer cover its parties."""
    organisation_id = (await store.load(tx.sql, agreement_id)).organisation_id
    at = await tx.lock(organisation_id)
    agreement = await store.load(tx.sql, agreement_id)
    tx.actor.must_be(*rights.ONBOARDS)
    await must_be_current(tx, agreement, seen)
    ended, event = agreement.end(at=at)
    await tx.act_for(organisation_id)
    await store.save(tx.sql, ended)
    await note_change(tx.sql, ended.id, ended.version, ["status"])
    await tx.tell(event)
    return ended
