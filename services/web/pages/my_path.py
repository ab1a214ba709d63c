"""The person's own page: who may see what about her, and the way to end it."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from ..visit import SignedIn

router = APIRouter()


@router.get("/min-vag")
async def my_path(visit: SignedIn) -> Response:
    """Her consents: what, to whom, until when."""
    consents, names = await asyncio.gather(visit.referrals.my_consents(), visit.names())
    return await visit.page("my_path/consents.html", consents=consents.items, names=names)
