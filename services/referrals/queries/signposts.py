"""Signposts, to the home's team and to the person herself."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction

from ..domain.person import must_know
from ..domain.signposts import Signpost
from ..store import needs
from ..store import signposts as store
from ..store.rows import Slice


async def signpost(tx: Transaction, signpost_id: UUID) -> Signpost:
    found, team_id = await store.load(tx.sql, signpost_id, actor=tx.actor)
    must_know(tx.actor, team_id)
    return found


async def of_need(tx: Transaction, part: Slice, need_id: UUID) -> list[Signpost]:
    """The signposts of a need, newest first."""
    need = await needs.load(tx.sql, need_id, actor=tx.actor)
    must_know(tx.actor, need.team_id)
    return await store.listed(tx.sql, part, need_id=need.id, actor=tx.actor)
