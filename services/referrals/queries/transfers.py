"""Transfers, to the home that offers and to the organisation that is asked."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.errors import NotYourSide

from ..domain.person import team_of
from ..domain.transfers import ROLES, Transfer
from ..store import transfers as store
from ..store.rows import Slice
from .referrals import Box

_BOXES = {Box.OUT: store.OUT, Box.IN: store.IN, None: f"{store.OUT} or {store.IN}"}


async def transfer(tx: Transaction, transfer_id: UUID) -> Transfer:
    found = await store.load(tx.sql, transfer_id, actor=tx.actor)
    tx.actor.must_be(*ROLES)
    home = (found.from_organisation_id, found.from_team_id)
    if found.to_organisation_id != tx.actor.organisation_id and home != team_of(tx.actor):
        raise NotYourSide
    return found


async def boxed(tx: Transaction, part: Slice, *, box: Box | None) -> list[Transfer]:
    """What was offered to the caller's organisation (`in`), and by the caller's team (`out`)."""
    tx.actor.must_be(*ROLES)
    organisation_id, team_id = team_of(tx.actor)
    where = _BOXES[box]
    return await store.listed(tx.sql, part, where=where, organisation_id=organisation_id, team_id=team_id)
