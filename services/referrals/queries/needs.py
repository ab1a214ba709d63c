"""Needs, to the home's team and to the person herself."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.events.base import Role
from shared.vault import Keys

from ..domain.need_transitions import NeedState
from ..domain.needs import Need
from ..domain.person import must_know, team_of
from ..store import needs as store
from ..store.needs import SaidTurn
from ..store.rows import Slice


async def need(tx: Transaction, need_id: UUID) -> Need:
    found = await store.load(tx.sql, need_id, actor=tx.actor)
    must_know(tx.actor, found.team_id)
    return found


async def listed(
    tx: Transaction, part: Slice, *, path_id: UUID | None, states: Sequence[NeedState] | None
) -> list[Need]:
    """The needs of the caller's team, or of one of its paths."""
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    _, team_id = team_of(tx.actor)
    return await store.listed(tx.sql, part, team_id=team_id, path_id=path_id, states=states)


async def timeline(tx: Transaction, need_id: UUID, keys: Keys, part: tuple[int, int]) -> list[SaidTurn]:
    """The turns above a version, at most so many; what was said at them is the person's."""
    found = await need(tx, need_id)
    await note_reads(tx, Read.PATH, [found.path_id])
    after, limit = part
    return await store.said_turns(tx.sql, found.id, after=after, limit=limit, keys=keys)
