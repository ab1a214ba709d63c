"""The admins' view: paths by their ids, and what was told and handled on one of them."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from ..visit import SignedIn

router = APIRouter(prefix="/floden")


@router.get("")
async def flows(visit: SignedIn) -> Response:
    """The paths where something happened lately."""
    return await visit.page("flows/list.html", trails=(await visit.tracing.paths()).items)


@router.get("/{path_id}")
async def one_path(path_id: UUID, visit: SignedIn) -> Response:
    """Each event of the path, and which service has handled it; no names."""
    trace, names = await asyncio.gather(visit.tracing.trace(path_id), visit.names())
    return await visit.page("flows/one.html", path_id=path_id, steps=trace.items, names=names)
