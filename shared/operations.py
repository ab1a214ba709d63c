"""The routes that every service has: health, positions, the log, parked events, metrics."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from psycopg.rows import scalar_row

from . import chains, heads, log, parking
from .database import Connection
from .envelope import instant
from .events.base import Role
from .http import admit, for_roles
from .service import Service

router = APIRouter(tags=["operations"])

FOR_SERVICES = for_roles(Role.SERVICE)
REDRIVE_S = 4

Rows = Annotated[int, Query(ge=1, le=1000, description="The most rows of the page.")]

_COUNTS = """
select (select count(*) from untold) as untold,
       (select coalesce(max(seq), 0) from log) as head,
       (select count(*) from timers where parked_at is null and due_at <= (select app_now())) as timers_due
"""


@router.get("/health/live", include_in_schema=False)
async def live() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/health/ready", include_in_schema=False)
async def ready(request: Request) -> JSONResponse:
    """Whether the record answers; Redis may be away, the log takes the events meanwhile."""
    async with request.app.state.database.connection() as sql:
        await sql.execute("select app_now()")
    return JSONResponse({"status": "ready"})


@router.get("/positions", openapi_extra=FOR_SERVICES)
async def positions(request: Request) -> JSONResponse:
    """Where this service's log ends, and where it stands in the logs that it hears."""
    (await admit(request)).must_be(Role.SERVICE)
    async with request.app.state.database.connection() as sql:
        return JSONResponse(await standing(request.app.state.service, sql))


async def standing(service: Service, sql: Connection) -> dict[str, Any]:
    """The answer of ``/positions``."""
    counts = await (await sql.execute(_COUNTS)).fetchone()
    rows = await (await sql.execute("select stream, seq, hash from positions")).fetchall()
    parked = await parking.listed(sql)
    assert counts is not None  # noqa: S101 - counts always give a row
    return {
        "heads": {log.stream_of(service.name): counts["head"]} if service.tells else {},
        "untold": counts["untold"],
        "timers_due": counts["timers_due"],
        "hears": [log.stream_of(teller) for teller in service.hears],
        "positions": {row["stream"]: {"seq": row["seq"], "hash": row["hash"].hex()} for row in rows},
        "parked": [_said(row) for row in parked],
    }


def _said(row: dict[str, Any]) -> dict[str, Any]:
    ids = {name: str(row[name]) for name in ("event_id", "subject")}
    return {**row, **ids, "parked_at": instant(row["parked_at"])}


@router.post("/parked/{subject}/redrive", openapi_extra=FOR_SERVICES)
async def redrive(subject: UUID, request: Request) -> dict[str, int]:
    """Try a subject's parked events again now; done only when every effect has committed (``left`` is 0)."""
    (await admit(request)).must_be(Role.SERVICE)
    async with request.app.state.database.connection() as sql:
        left = await parking.hasten(sql, subject)
    for _ in range(REDRIVE_S * 10):
        if left == 0:
            break
        await asyncio.sleep(0.1)
        left = await _left(request, subject)
    return {"left": left}


async def _left(request: Request, subject: UUID) -> int:
    query = "select count(*) from parked where subject = %s"
    async with request.app.state.database.connection() as sql, sql.cursor(row_factory=scalar_row) as cursor:
        left: int = await (await cursor.execute(query, [subject])).fetchone()
        return left


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """The few figures an operator watches, read from the record when asked."""
    async with request.app.state.database.connection() as sql:
        now = await standing(request.app.state.service, sql)
        unbound = await chains.unbound(sql) if request.app.state.service.books else 0
    registry = CollectorRegistry()
    Gauge("vardekedjor_unbound", "Rows not in their chain yet.", registry=registry).set(unbound)
    Gauge("vardekedjor_untold", "Events told and not yet numbered.", registry=registry).set(now["untold"])
    Gauge("vardekedjor_parked", "Events set aside.", registry=registry).set(len(now["parked"]))
    for name, values in {"log_head": now["heads"], "position": _seqs(now)}.items():
        gauge = Gauge(f"vardekedjor_{name}", "The last number.", ["stream"], registry=registry)
        for stream, seq in values.items():
            gauge.labels(stream).set(seq)
    return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _seqs(now: dict[str, Any]) -> dict[str, int]:
    return {stream: where["seq"] for stream, where in now["positions"].items()}


log_router = APIRouter(tags=["operations"])


@log_router.get("/log", openapi_extra=FOR_SERVICES)
async def read_log(
    request: Request, after: int = 0, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> JSONResponse:
    """The events above a number, as CloudEvents, in order."""
    (await admit(request)).must_be(Role.SERVICE)
    service: Service = request.app.state.service
    async with request.app.state.database.connection() as sql:
        rows = await log.read(sql, after=after, limit=limit)
    source = log.source_of(service.name)
    following = str(rows[-1].seq) if len(rows) == limit else None
    return JSONResponse({"items": [row.cloud_event(source) for row in rows], "next": following})


def add_operations(app: FastAPI, service: Service) -> None:
    """Give an API the routes that every service has."""
    app.include_router(router)
    if service.tells:
        app.include_router(log_router)
    if service.tells and service.books is None:
        app.include_router(heads.router)
