"""A signpost is given: told at home, and to nobody there."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id

from ..domain.need_transitions import HOMES, ROLE_OF
from ..domain.person import must_know
from ..domain.signposts import Signpost, point
from ..domain.working_days import local_date
from ..store import directory, needs
from ..store import signposts as store


async def give(tx: Transaction, need_id: UUID, offering_id: UUID) -> Signpost:
    """Show the person an open door for a need of hers; the need stays with its home."""
    at = await needs.lock(tx, need_id)
    need = await needs.load(tx.sql, need_id, actor=tx.actor)
    home, today = need.home_organisation_id, local_date(at)
    door = await directory.receiver_by(tx.sql, offering_id, sender=home, today=today)
    tx.actor.must_be(*(ROLE_OF[side] for side in HOMES))
    must_know(tx.actor, need.team_id)
    signpost = point(need, at, door=door, signpost_id=new_id(), by=tx.actor.id)
    await store.add(tx.sql, signpost)
    await tx.tell(signpost.given())
    return signpost
