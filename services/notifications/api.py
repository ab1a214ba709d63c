"""The HTTP surface: a reader's notices, and the live stream of their ids."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from shared.errors import Unauthenticated
from shared.events.base import Role, Urgency
from shared.http import After, Caller, Instant, Limit, Page, Route, Tx, admit, for_roles

from . import commands, queries
from .domain import NoticeKind
from .live import Live, LiveTable, Subscription
from .queries import NoticeRow

STAFF = tuple(role for role in Role if role not in (Role.PERSON, Role.SERVICE))

AGAIN_MS = 1000
"""How long a page waits before it comes back."""


async def _staff(caller: Caller) -> None:
    caller.must_be(*STAFF)


router = APIRouter(
    prefix="/notifications", route_class=Route, dependencies=[Depends(_staff)], tags=["notifications"]
)

streams = APIRouter(tags=["notifications"])
"""Without a transaction: a stream stays open for minutes."""


class NoticeView(BaseModel):
    """Something the reader or her team has been told; the text belongs to the page.

    Without a referral it is about the path alone; to a team that is asked, about an open offer alone.
    """

    id: UUID
    kind: NoticeKind
    text_key: str
    urgency: Urgency
    referral_id: UUID | None
    offer_id: UUID | None
    path_id: UUID | None
    at: Instant
    read_at: Instant | None


class Counts(BaseModel):
    """How many notices the reader has not read."""

    unread: int


class LiveView(BaseModel):
    """That there is a new notice; what it says is asked for."""

    id: UUID
    kind: NoticeKind


@router.get("", openapi_extra=for_roles(*STAFF))
async def list_notices(
    tx: Tx,
    caller: Caller,
    after: After = None,
    limit: Limit = 50,
    *,
    unread: Annotated[bool, Query()] = False,
) -> Page[NoticeView]:
    """The caller's own notices and her team's, the newest first."""
    rows = await queries.notices(tx.sql, caller, after=after, limit=limit, unread=unread)
    following = str(rows[-1].id) if len(rows) == limit else None
    return Page(items=[_view(row) for row in rows], next=following)


@router.get("/count", openapi_extra=for_roles(*STAFF))
async def count_notices(tx: Tx, caller: Caller) -> Counts:
    """How many of the caller's notices are unread."""
    return Counts(**await queries.counts(tx.sql, caller))


@router.post("/{notice_id}/read", openapi_extra=for_roles(*STAFF))
async def mark_read(notice_id: UUID, tx: Tx) -> NoticeView:
    """Note that a notice has been read; a team's is read once somebody of the team has read it."""
    await commands.mark_read(tx, notice_id)
    return _view(await queries.notice(tx.sql, notice_id))


async def _subscription(
    request: Request, last_event_id: Annotated[UUID | None, Header()] = None
) -> AsyncIterator[Subscription]:
    reader = await admit(request)
    reader.must_be(*STAFF)
    async with _live(request.app).subscribed(reader, last_seen=last_event_id) as subscription:
        yield subscription


@streams.get("/notifications/live", response_class=EventSourceResponse, openapi_extra=for_roles(*STAFF))
async def follow(
    request: Request, subscription: Annotated[Subscription, Depends(_subscription)]
) -> AsyncIterator[ServerSentEvent]:
    """New notices as server-sent events ``notice``, ids only, as long as the token is valid.

    ``Last-Event-ID`` brings what was missed within the last day.
    """
    yield ServerSentEvent(id=str(subscription.since), retry=AGAIN_MS)
    async for notice in subscription:
        if not await _is_still_admitted(request):
            return
        said = LiveView(id=notice.notice_id, kind=NoticeKind(notice.kind))
        yield ServerSentEvent(event="notice", id=str(notice.notice_id), data=said)


async def _is_still_admitted(request: Request) -> bool:
    try:
        await admit(request)
    except Unauthenticated:
        return False
    return True


def _live(app: FastAPI) -> Live:
    if not hasattr(app.state, "live"):
        app.state.live = Live(LiveTable(app.state.database))
    live: Live = app.state.live
    return live


def _view(row: NoticeRow) -> NoticeView:
    kind = NoticeKind(row.kind)
    return NoticeView(
        id=row.id,
        kind=kind,
        text_key=kind.text_key,
        urgency=Urgency(row.urgency),
        referral_id=row.referral_id,
        offer_id=row.offer_id,
        path_id=row.path_id,
        at=row.at,
        read_at=row.read_at,
    )
