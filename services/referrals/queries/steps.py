"""The steps of a path, to those who work with the person and to herself."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.vault import Keys

from ..domain.person import must_know
from ..domain.steps import Plan
from ..store import own_noes, paths
from ..store import steps as store


async def plan(tx: Transaction, path_id: UUID, keys: Keys) -> Plan:
    path = await paths.load_path(tx.sql, path_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, path.team_id)
    return await store.plan(tx.sql, path.id)


async def own_plan(tx: Transaction, step_id: UUID) -> Plan:
    """The plan that a step of the person who asks is part of."""
    return await store.plan(tx.sql, await own_noes.path_of_step(tx.sql, step_id, tx.actor.id))
