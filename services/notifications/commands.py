"""Telling a recipient, and noting that it was read."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.events.notifications import NoticeStored, PathNoticeStored

from . import store
from .domain import Notice


async def tell(tx: Transaction, notice: Notice, *, only_if_known: bool, without_path: bool) -> None:
    """Store a notice in its recipient's tenant and tell that it stands there."""
    if only_if_known and not await store.knows(tx, notice):
        return
    store.add(tx, notice, without_path=without_path)
    await tx.tell(_stored(notice), organisation_id=notice.to.organisation_id)


def _stored(notice: Notice) -> NoticeStored | PathNoticeStored:
    about = {
        "path_id": notice.path_id,
        "notice_id": notice.id,
        "organisation_id": notice.to.organisation_id,
    }
    if notice.referral_id is None:
        return PathNoticeStored(**about)
    return NoticeStored(**about, referral_id=notice.referral_id)


async def mark_read(tx: Transaction, notice_id: UUID) -> None:
    """Note that the caller, or somebody of the caller's team, has read a notice."""
    await store.mark_read(tx.sql, notice_id, reader=tx.actor)
