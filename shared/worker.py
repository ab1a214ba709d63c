"""A service's worker: its relay, its listeners, its clock.  It dies loudly and is started again.

Everything runs in one task group: what fails for another reason than the
machines ends the process, so that no half-dead worker looks alive.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from . import chains, idempotency, limits, log, logging
from .clients import ServiceClient
from .database import Database
from .faults import code_of, is_ours
from .handling import Handler
from .hearing import Hearing
from .hops import Hops
from .listener import Listener
from .relay import Relay
from .service import Service
from .settings import Settings
from .streams import connect
from .subscription import Ears
from .tasks import end, go_on
from .timers import Clock
from .vault import Vault

REDRIVE_S = 1.0
HOURLY_S = 3600.0
LEISURE_S = 0.1
"""The rest of a relay or a listener whose effects nobody waits for, so that one commit serves many events."""

HANGS = 70
"""The exit status of a worker whose reaction hangs."""

_log = structlog.get_logger(__name__)


class Worker:
    """What one worker process runs, and whether it is well."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self._service, self._settings = service, settings
        self._redis = connect(settings.redis_url)
        self.registry = CollectorRegistry()
        self.database, self.vault = Database.of(settings), Vault.of(settings)
        self.client = ServiceClient(service.name, settings)
        self.hops = Hops(self._redis)
        self.relay = self._relay() if service.tells else None
        turn = asyncio.Lock()
        self.listeners = [self._listener(teller, hearing, turn) for teller, hearing in service.hears.items()]
        self.ears = Ears(settings.redis_url, self.registry)

    def _relay(self) -> Relay:
        leisure = LEISURE_S if self._service.tells_at_leisure else 0
        return Relay(self._service.teller(self._settings), self.database, self._redis, leisure)

    def _listener(self, teller: str, hearing: Hearing, turn: asyncio.Lock) -> Listener:
        handler = Handler(
            service=self._service.name,
            stream=log.stream_of(teller),
            hearing=hearing,
            database=self.database,
            tell_hop=self.hops.tell,
        )
        key = Ed25519PublicKey.from_public_bytes(self._settings.service_keys[teller])
        leisure = LEISURE_S if self._service.hears_at_leisure else 0
        read_log = partial(self.client.log, teller)
        return Listener(handler=handler, key=key, read_log=read_log, turn=turn, leisure=leisure)

    def troubles(self) -> list[str]:
        """What keeps this worker from being ready."""
        relay = [self.relay.stopped] if self.relay and self.relay.stopped else []
        return relay + [one.handler.stopped or one.trouble or "" for one in self.listeners if not one.ready]

    async def run(self) -> None:
        """Run until cancelled; raises what is nobody's fault but the code's."""
        await self.database.open()
        await self.vault.open()
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in self._works():
                    tasks.create_task(work)
        finally:
            await self.ears.close()
            await self._redis.aclose()
            await self.client.close()
            await self.vault.close()
            await self.database.close()

    def _works(self) -> list[Coroutine[Any, Any, None]]:
        rings = self._service.rings(self.vault)
        works = [self.hops.run(), Clock(self._service.name, self.database, rings).run()]
        for kept in (idempotency.forget_old, limits.forget_old):
            works += [_every(HOURLY_S, partial(kept, self.database))]
        if self.relay is not None:
            works += [self.relay.run(), _every(HOURLY_S, self.relay.trim)]
        if self._service.books is not None:
            binder = chains.Binder(self._service.teller(self._settings), self.database)
            works.append(_every(chains.PERIOD_S, binder.once))
        if self._service.keep_hops is not None:
            works.append(self.ears.hear_hops(self._service.keep_hops, self.database, self._service.name))
        return works + [self._listen(listener) for listener in self.listeners]

    async def _listen(self, listener: Listener) -> None:
        await _patiently(listener.handler.begin)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.ears.hear(listener))
            tasks.create_task(_every(REDRIVE_S, listener.redrive))

    def watch(self) -> None:
        """End the process when a reaction hangs; for a thread of its own, which a busy loop cannot stop."""
        limit = self._settings.reaction_limit_s
        while True:
            time.sleep(min(1.0, limit / 4))
            began = [one.handler.busy_since for one in self.listeners]
            if any(at is not None and time.monotonic() - at > limit for at in began):
                os.write(2, b"a reaction hangs; the worker ends\n")
                os._exit(HANGS)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        go_on()
        await _patiently(work)
        await asyncio.sleep(seconds)


async def _patiently(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        go_on()
        try:
            await work()
        except Exception as error:
            if not is_ours(error):
                raise
            _log.warning("worker.waits", error=code_of(error))
            await asyncio.sleep(1)
        else:
            go_on()
            return


def create_worker(service: Service, settings: Settings) -> FastAPI:
    """The worker as an ASGI application, so that it answers for its health as every process does."""
    logging.configure(f"{service.name}-worker")
    app = FastAPI(lifespan=_lifespan, openapi_url=None)
    app.state.service, app.state.settings = service, settings

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        troubles = app.state.worker.troubles()
        return JSONResponse({"troubles": troubles}, 503 if troubles else 200)

    @app.get("/metrics")
    async def metrics() -> PlainTextResponse:
        figures = generate_latest(app.state.worker.registry)
        return PlainTextResponse(figures, media_type=CONTENT_TYPE_LATEST)

    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    worker = app.state.worker = Worker(app.state.service, app.state.settings)
    threading.Thread(target=worker.watch, daemon=True).start()
    task = asyncio.create_task(worker.run())
    task.add_done_callback(_die_loudly)
    yield
    await end(task)


def _die_loudly(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.critical("worker.died", exc_info=error)
        os._exit(1)
