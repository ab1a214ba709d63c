"""For those who run the house: health, figures, and the demo's clock."""

from __future__ import annotations

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..visit import Anyone
from ..wire import Problem

OPEN_PATHS = frozenset({"/demo/clock", "/demo/settle"})
"""Posted to by programs: no cookie is read there, and without ``DEMO=1`` they do not exist."""

router = APIRouter()


@router.get("/health/live")
async def live() -> Response:
    """The process runs."""
    return JSONResponse({"status": "live"})


@router.get("/health/ready")
async def ready(visit: Anyone) -> Response:
    """Pages can be made: organisations, who signs people in, answers."""
    answer = await visit.house.wire.forward("organisations", "GET", "/health/ready")
    if answer.is_error:
        raise Problem(status=503, slug="unavailable")
    return JSONResponse({"status": "ready"})


@router.get("/metrics")
async def metrics() -> Response:
    """Figures of the process, as Prometheus reads them."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.post("/demo/clock")
@router.post("/demo/settle")
async def demo(request: Request, visit: Anyone) -> Response:
    """Pass the demo's clock and its settling on; both are the same at every service."""
    if not visit.house.settings.demo:
        raise HTTPException(404)
    answer = await visit.house.wire.forward(
        "organisations", "POST", request.url.path, content=await request.body()
    )
    return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))
