"""What exists with ``DEMO=1`` alone: every service's clock moved together, and waiting until all is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx2
from fastapi import APIRouter, Request

from .clients import ServiceClient
from .errors import Invalid, Unavailable
from .events.base import Role
from .http import Body, admit, for_roles

router = APIRouter(prefix="/demo", tags=["demo"])

RECORDS = ("organisations", "referrals", "notifications", "tracing")
"""The services that have a clock and a log or a position."""

SETTLE_S = 30
POLL_S = 0.05


class Advance(Body):
    """How far to move the clock, as an ISO 8601 duration, for example ``P3D``.

    Backwards (``-P30D``) only before anything has happened: so a demo begins in the past and ends today.
    """

    advance: timedelta


@router.post("/clock")
async def advance_everywhere(body: Advance, request: Request) -> dict[str, str]:
    """Move every service's clock; answers when the timers then due have run."""
    client: ServiceClient = request.app.state.client
    if body.advance < timedelta(0):
        await _demand_nothing_told(client)
    seconds = int(body.advance.total_seconds())
    moved = {"advance": f"{'-' if seconds < 0 else ''}PT{abs(seconds)}S"}
    for service in RECORDS:
        answer = await client.call(service, "POST", "/demo/shift", json=moved)
        if answer.status_code != httpx2.codes.OK:
            raise Unavailable(service=service)
    await settled(client)
    return moved


@router.post("/settle")
async def settle(request: Request) -> dict[str, bool]:
    """Answer when every log row is numbered and handled by whoever hears it; 503 after 30 seconds."""
    await settled(request.app.state.client)
    return {"settled": True}


@router.post("/shift", openapi_extra=for_roles(Role.SERVICE))
async def shift(body: Advance, request: Request) -> dict[str, bool]:
    """Move this service's own clock."""
    (await admit(request)).must_be(Role.SERVICE)
    async with request.app.state.database.connection() as sql:
        await sql.execute("update clock set shift = shift + %s", [body.advance])
    return {"shifted": True}


async def _demand_nothing_told(client: ServiceClient) -> None:
    """Raise ``Invalid`` when something has happened: nothing may come to be older than what it follows."""
    standings = [await client.get(service, "/positions") for service in RECORDS]
    if any(one["untold"] or any(one["heads"].values()) for one in standings):
        message = "Something has happened: the clock only goes forward now."
        raise Invalid(errors=[{"field": "advance", "message": message}])


async def settled(
    client: ServiceClient, services: Sequence[str] = RECORDS, *, within_s: float = SETTLE_S
) -> None:
    """Wait until nothing is untold, due or unheard; raises ``Unavailable`` when time is up."""
    for _ in range(int(within_s / POLL_S)):
        standings = [await client.get(service, "/positions") for service in services]
        if _quiet(standings):
            return
        await asyncio.sleep(POLL_S)
    raise Unavailable


def _quiet(standings: list[Mapping[str, Any]]) -> bool:
    heads = {stream: seq for one in standings for stream, seq in one["heads"].items()}
    busy = any(one["untold"] or one["timers_due"] for one in standings)
    heard = all(
        one["positions"].get(stream, {"seq": -1})["seq"] == heads[stream]
        for one in standings
        for stream in one["hears"]
        if stream in heads
    )
    return heard and not busy
