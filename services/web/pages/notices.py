"""What the visitor has been told, and the live stream that says there is more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from shared.events.base import Role

from ..forms import Form
from ..typed import Typed
from ..visit import SignedIn, see

router = APIRouter()


@router.get("/aviseringar")
async def notices(visit: SignedIn) -> Response:
    """The notices, the newest first."""
    listing = await visit.notifications.notices()
    box = "/inkorg" if visit.me.has(Role.RECIPIENT) else "/overlamningar"
    return await visit.page("notices/list.html", notices=listing.items, box=box, typed=Typed())


@router.post("/aviseringar/{notice_id}/last")
async def mark_read(notice_id: UUID, visit: SignedIn) -> Response:
    """Note that it has been read; only a button does, for a link must change nothing."""
    typed = await visit.typed()
    await visit.notifications.mark_read(notice_id, key=typed.read(Form).key)
    return see("/aviseringar")


@router.get("/aviseringar/antal")
async def count(visit: SignedIn) -> Response:
    """The number in the bell alone."""
    return visit.part("_parts/bell.html", unread=await visit.unread())


@router.get("/live")
async def live(visit: SignedIn) -> Response:
    """Ids of new notices as server-sent events, passed through as they come."""
    last_seen = visit.request.headers.get("last-event-id")
    headers = {**await visit.headers("notifications"), "Accept": "text/event-stream"}
    if last_seen is not None:
        headers["Last-Event-ID"] = last_seen
    answer = await visit.house.wire.follow("notifications", "/notifications/live", headers)
    return StreamingResponse(_passed_through(answer), media_type="text/event-stream")


async def _passed_through(answer: httpx2.Response) -> AsyncIterator[bytes]:
    """The pieces as they come; when the service goes, the stream ends and the page comes back by itself."""
    try:
        async for piece in answer.aiter_raw():
            yield piece
    except httpx2.TransportError:
        return
    finally:
        await answer.aclose()
