"""The pages put together: ``uvicorn services.web.main:web``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI
from starlette.middleware import Middleware

from shared import logging
from shared.edge import Edge
from shared.heap import kept

from .assets import Assets
from .guard import Guard
from .looks import Looks
from .pages import (
    account,
    admissions,
    agreements,
    consents,
    finding,
    flows,
    identity,
    inbox,
    invitations,
    my_path,
    new_referral,
    notices,
    offerings,
    open_to_all,
    operations,
    organisation,
    problems,
    referrals,
    staff,
)
from .session import Tokens
from .settings import WebSettings
from .visit import House
from .wire import Wire

# The steps of a new referral come before "one referral": both begin with /overlamningar/.
AREAS = (
    account,
    admissions,
    identity,
    new_referral,
    consents,
    referrals,
    inbox,
    finding,
    offerings,
    organisation,
    staff,
    invitations,
    agreements,
    open_to_all,
    notices,
    flows,
    my_path,
    problems,
    operations,
)


def create_web(settings: WebSettings, *, transport: httpx2.AsyncBaseTransport | None = None) -> FastAPI:
    """The pages as an ASGI app; ``transport`` reaches services that run in this process."""
    # A service that waits for its record still answers in time.
    http = httpx2.AsyncClient(timeout=2 * settings.patience_s, transport=transport, trust_env=False)
    assets = Assets()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with http:
            yield

    before = [
        Middleware(Edge, service="web"),
        Middleware(Guard, public_url=settings.public_url, open_paths=operations.OPEN_PATHS),
    ]
    web = FastAPI(lifespan=lifespan, middleware=before, openapi_url=None)
    web.state.house = House(settings, Wire(http, settings.peers), Looks(assets.address), Tokens())
    web.add_route("/static/{address:path}", assets.serve, methods=["GET"])
    for area in AREAS:
        web.include_router(area.router)
    problems.register(web)
    return web


def __getattr__(name: str) -> object:
    """Make the app when it is asked for, so that importing this module reads no environment."""
    if name == "web":
        logging.configure("web")
        return kept(create_web(WebSettings()))
    raise AttributeError(name)
