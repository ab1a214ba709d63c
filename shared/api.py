"""A service's API, put together from what its ``main.py`` declares."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from . import demo, logging, operations
from .clients import ServiceClient
from .database import Database
from .edge import Edge, add_problems
from .idempotency import Idempotency
from .openapi import Api
from .service import Service
from .settings import Settings
from .tasks import end
from .tokens import Doorkeeper
from .vault import Vault


def create_api(service: Service, settings: Settings) -> FastAPI:
    """The service's ASGI application; connects to nothing until it starts."""
    logging.configure(service.name)
    title = f"Värdekedjor: {service.name}"
    app = Api(title=title, version="0.1.0", lifespan=_lifespan, docs_url=None, redoc_url=None)
    state = app.state
    state.service, state.settings = service, settings
    state.client = ServiceClient(service.name, settings)
    state.database, state.vault = Database.of(settings), Vault.of(settings)
    state.door = Doorkeeper(service.name, settings.service_keys, state.client.jwks)
    state.idempotency = Idempotency(*state.vault.keyring.newest_first(), withheld=service.withheld)
    state.left = frozenset()
    app.add_middleware(Edge, service=service.name, larger=service.larger)
    add_problems(app)
    operations.add_operations(app, service)
    for router in (*service.routers, *([demo.router] if settings.demo else [])):
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.state.client.close)
        for opened in (app.state.database, app.state.vault):
            await opened.open()
            stack.push_async_callback(opened.close)
        if service.background is not None:
            stack.push_async_callback(end, asyncio.create_task(service.background(app)))
        yield
