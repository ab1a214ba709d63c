"""Staff who have left: their tokens open nothing, though they last for minutes yet.

Each service that keeps what is sensitive knows from its own record who has left (its copy, kept
by the stream), and its API looks there twice a second; nobody is asked on the way of a request.
"""

from __future__ import annotations

import asyncio
from typing import LiteralString

import psycopg
import structlog
from fastapi import FastAPI
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from .database import Database
from .faults import code_of
from .service import Background
from .tasks import go_on

EVERY_S = 0.5

_AWAY = (psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests, OSError)

_log = structlog.get_logger(__name__)


def watching(query: LiteralString) -> Background:
    """Keep ``app.state.left`` as the query's ``id`` column says, for as long as the API lives."""

    async def watch(app: FastAPI) -> None:
        while True:
            await _look(app, query)
            go_on()
            await asyncio.sleep(EVERY_S)

    return watch


async def _look(app: FastAPI, query: LiteralString) -> None:
    """Look once; while the record is away, who was known to have left still has."""
    database: Database = app.state.database
    try:
        async with database.glance() as sql:
            rows = await (await sql.execute(query)).fetchall()
    except _AWAY as error:
        _log.warning("leavers.unknown", error=code_of(error))
        return
    app.state.left = frozenset(row["id"] for row in rows)
