"""A need as its referrals change it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.database import Transaction


async def answered(tx: Transaction, need_id: UUID, at: datetime) -> None:
    raise NotImplementedError


async def reopened_by_referral(tx: Transaction, need_id: UUID, at: datetime) -> None:
    raise NotImplementedError
