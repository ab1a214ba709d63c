"""Telling a recipient, and noting that it was read."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.events.notifications import NoticeStored

from . import store
from .domain import Notice


async def tell(tx: Transaction, notice: Notice, *, only_if_known: bool) -> None:
    """Store a notice in its recipient's tenant and tell that it stands there."""
    if only_if_known and not await store.knows(tx, notice):
        return
    store.add(tx, notice)
    stored = NoticeStored(
        path_id=notice.path_id,
        notice_id=notice.id,
        organisation_id=notice.to.organisation_id,
        referral_id=notice.referral_id,
    )
    await tx.tell(stored, organisation_id=notice.to.organisation_id)


async def mark_read(tx: Transaction, notice_id: UUID) -> None:
    """Note that the caller, or somebody of the caller's team, has read a notice."""
    await store.mark_read(tx.sql, notice_id, reader=tx.actor)
