"""The HTTP surface: paths and their traces, and operations; nothing here says who anybody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from shared.actor import Actor
from shared.errors import NotFound
from shared.events import TOLD_BY
from shared.events.base import Role
from shared.http import After, Caller, Instant, Limit, Page, Route, admit, for_roles
from shared.log import stream_of

from . import queries
from .domain import Report, StreamState, TracedStep, streams_now
from .peers import Peers
from .traces import trace

NOBODYS = UUID(int=0)
"""The id of no path."""

FLOWS = (Role.NETWORK_ADMIN, Role.COORDINATOR)

router = APIRouter(route_class=Route, tags=["tracing"])

asking = APIRouter(tags=["tracing"])
"""Routes that ask other services before they open a transaction, so that none waits with one open."""


class PathView(BaseModel):
    """A path without its person: when it began, when it last moved, and who began it."""

    path_id: UUID
    first_at: Instant
    last_at: Instant
    steps: int
    by_organisation_id: UUID | None


class HandledView(BaseModel):
    """What one service did with a step; ``at`` is null when it is parked, or when that time was lost."""

    service: str
    at: Instant | None
    parked: bool


class StepView(BaseModel):
    """Something told on a path; ``waiting`` names the services that hear it and have not handled it yet."""

    seq: int
    stream: str
    type: str
    told_at: Instant
    by_organisation_id: UUID | None
    handled: list[HandledView]
    waiting: list[str]


class ListenerView(BaseModel):
    """How far a service has come in a stream; ``lag`` is in events."""

    service: str
    position: int
    lag: int | None
    parked: int


class StreamView(BaseModel):
    """A stream; what only its teller knows is null while that is away."""

    stream: str
    teller: str
    head: int | None
    untold: int | None
    listeners: list[ListenerView]


class ParkedView(BaseModel):
    """An event that a service has set aside; ``error`` is a class and a code."""

    service: str
    stream: str
    seq: int
    event_id: UUID
    subject: UUID
    type: str
    error: str
    parked_at: Instant
    tries: int


class Redriven(BaseModel):
    """How many of the subject's events are still parked."""

    left: int


class Operations(BaseModel):
    """How the streams stand, what is parked, and which services did not answer."""

    streams: list[StreamView]
    parked: list[ParkedView]
    away: list[str]


async def _admitted(request: Request) -> Actor:
    return await admit(request)


Admitted = Annotated[Actor, Depends(_admitted)]


@asking.get("/paths", openapi_extra=for_roles(*FLOWS))
async def list_paths(
    request: Request, caller: Admitted, after: After = None, limit: Limit = 50
) -> Page[PathView]:
    """The paths of the network, the one that moved last first; a page may hold fewer than its limit."""
    caller.must_be(*FLOWS)
    async with request.app.state.database.connection() as sql:
        rows = await queries.paths(sql, after=after, limit=limit)
    following = str(rows[-1].event_id) if len(rows) == limit else None
    locked = await _peers(request.app).locked([row.path_id for row in rows]) if rows else frozenset()
    shown = [row for row in rows if row.path_id not in locked]
    return Page(items=[PathView.model_validate(row, from_attributes=True) for row in shown], next=following)


@asking.get("/paths/{path_id}/trace", openapi_extra=for_roles(*FLOWS))
async def show_trace(
    path_id: UUID, request: Request, caller: Admitted, after: After = None, limit: Limit = 50
) -> Page[StepView]:
    """What was told on a path, and which service has handled it when.

    A locked person's path, and any to whoever may not see flows, is answered for as an unknown one.
    """
    if not caller.has(*FLOWS):
        raise NotFound
    peers = _peers(request.app)
    reports, locked = await peers.reports(), await peers.locked([path_id])
    async with request.app.state.database.connection() as sql:
        # Of a locked path nothing is asked: as of no path at all.
        path_id = NOBODYS if path_id in locked else path_id
        steps = await trace(sql, path_id, reports, after=after, limit=limit)
    following = str(steps[-1].step.event_id) if len(steps) == limit else None
    return Page(items=[_step(step) for step in steps], next=following)


@asking.get("/operations", openapi_extra=for_roles(Role.NETWORK_ADMIN))
async def show_operations(request: Request, caller: Admitted) -> Operations:
    """How far each service has come in each stream, and what is parked."""
    caller.must_be(Role.NETWORK_ADMIN)
    reports = await _peers(request.app).reports()
    tellers = {stream_of(teller): teller for teller in TOLD_BY}
    return Operations(
        streams=[_stream(state) for state in streams_now(tellers, reports)],
        parked=_parked(reports),
        away=[service for service, report in reports.items() if report is None],
    )


@router.post(
    "/operations/parked/{service}/{subject}/redrive",
    response_model=Redriven,
    openapi_extra=for_roles(Role.NETWORK_ADMIN),
)
async def redrive(service: str, subject: UUID, request: Request, caller: Caller) -> JSONResponse:
    """Have a service try a subject's parked events again, in order; answers what that service answers."""
    caller.must_be(Role.NETWORK_ADMIN)
    answer = await _peers(request.app).redrive(service, subject)
    return JSONResponse(answer.json(), answer.status_code, media_type=answer.headers["Content-Type"])


def _peers(app: FastAPI) -> Peers:
    if not hasattr(app.state, "peers"):
        app.state.peers = Peers(app.state.client, app.state.settings.peers)
    peers: Peers = app.state.peers
    return peers


def _step(traced: TracedStep) -> StepView:
    step = traced.step
    return StepView(
        seq=step.seq,
        stream=step.stream,
        type=step.type,
        told_at=step.told_at,
        by_organisation_id=step.by_organisation_id,
        handled=[HandledView.model_validate(each, from_attributes=True) for each in traced.handled],
        waiting=list(traced.waiting),
    )


def _stream(state: StreamState) -> StreamView:
    return StreamView.model_validate(state, from_attributes=True)


def _parked(reports: Mapping[str, Report | None]) -> Sequence[ParkedView]:
    return [
        ParkedView(service=service, **event.model_dump())
        for service, report in reports.items()
        if report is not None
        for event in report.parked
    ]
