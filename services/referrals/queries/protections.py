"""Locks, to the two staff of each."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.errors import NotFound

from ..domain.protection import KEEPERS, Protection
from ..store import protections as store
from ..store.rows import Slice


async def kept(tx: Transaction, part: Slice) -> list[Protection]:
    """The locks that the caller is one of the two of, newest first."""
    tx.actor.must_be(*KEEPERS)
    found = await store.kept_by(tx.sql, part, actor=tx.actor)
    await note_reads(tx, Read.PERSON, [one.person_id for one in found])
    return [await _whole(tx, one) for one in found]


async def of_person(tx: Transaction, person_id: UUID) -> Protection:
    """The lock that a person is under; raises `NotFound` to all but the two."""
    found = await store.kept_by(tx.sql, Slice(None, 1), actor=tx.actor, person_id=person_id)
    if not found:
        raise NotFound
    await note_reads(tx, Read.PERSON, [person_id])
    return await _whole(tx, found[0])


async def _whole(tx: Transaction, protection: Protection) -> Protection:
    return replace(protection, holders=await store.holders(tx.sql, protection.person_id))
