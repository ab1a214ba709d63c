"""Transactions for somebody who has yet to say who they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from shared.actor import service_actor
from shared.database import Transaction
from shared.limits import RateLimit


@asynccontextmanager
async def opened(request: Request) -> AsyncIterator[Transaction]:
    """A transaction for somebody who has yet to say who they are."""
    async with request.app.state.database.transaction(
        service_actor("organisations"), correlation_id=request.state.correlation_id
    ) as tx:
        yield tx


@asynccontextmanager
async def limited(request: Request, limit: RateLimit, who: str) -> AsyncIterator[Transaction]:
    """The same, once another attempt is counted; it is forgiven if all goes well."""
    await limit.count(request.app.state.database, who)
    async with opened(request) as tx:
        yield tx
        await limit.forgive(tx.sql, who)
