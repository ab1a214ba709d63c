"""Services running in the test's own loop, on real servers, with a database of their own."""

from __future__ import annotations

import asyncio
import importlib
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import httpx2
import uvicorn
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from starlette.types import ASGIApp

from deploy.embedded_server import free_port
from shared import demo
from shared.api import create_api
from shared.clients import ServiceClient, authorities
from shared.events.base import Role
from shared.ids import new_id
from shared.service import Service
from shared.settings import Settings, from_base64url
from shared.tasks import end
from shared.tokens import AUDIENCES, minted, private_key
from shared.worker import Worker
from tests.documented import must_be_documented
from tests.keys import drop_keys, keys_url, make_keys
from tests.servers import Servers

PATIENCE_S = 60.0
SLOWEST_RUN_S = 6 * 3600
"""What a test's tokens last: a run on a machine that has other things to do is no reason for a 401."""
"""On a machine that has more to do nothing is called away because it is slow."""

RECORDED = ("organisations", "referrals", "notifications", "tracing")
KEEPER = "referrals"
"""The one service that has keys."""


def signing_key(servers: Servers) -> OKPKey:
    """The key of people's access tokens, named by its thumbprint as organisations names it."""
    seed = from_base64url(servers.secrets["TOKEN_KEY"])
    return private_key(seed, private_key(seed, "").thumbprint())


class Network:
    """Some services, each with its API on a port and its worker beside it."""

    def __init__(self, servers: Servers, database: str) -> None:
        self.servers, self.database = servers, database
        self.peers: dict[str, str] = {}
        self.workers: dict[str, asyncio.Task[None]] = {}
        self.http = httpx2.AsyncClient(verify=authorities(), timeout=PATIENCE_S, trust_env=False)
        self._stack = AsyncExitStack()
        self._apps: dict[str, FastAPI] = {}

    def settings(self, service: str, **others: Any) -> Settings:
        """The settings that the service's processes would read from their environment."""
        secret, name = self.servers.secrets, service.upper()
        postgres, redis = self.servers.postgres, self.servers.redis
        return Settings.model_validate({
            "database_url": postgres.address_of(service, secret[f"{name}_DB_PASSWORD"], self.database),
            "keys_database_url": keys_url(self.servers, self.database) if service == KEEPER else "",
            "redis_url": redis.address_of(service, secret[f"{name}_REDIS_PASSWORD"]),
            "service_key": secret[f"{name}_SERVICE_KEY"],
            "service_keys": secret["SERVICE_KEYS"],
            "sealing_key": secret[f"{name}_SEALING_KEY"],
            "peers": self.peers,
            "demo": True,
            "patience_s": PATIENCE_S,
            **others,
        })  # fmt: skip

    def token(self, *roles: Role, **who: UUID | str | None) -> str:
        """An access token as organisations mints it; ``who`` is ``id``, ``org`` and the like."""
        claims = {
            "iss": "organisations",
            "aud": [*AUDIENCES],
            "sub": str(who.get("id") or new_id()),
            "kind": who.get("kind", "staff"),
            "roles": [str(role) for role in roles],
            **{name: str(who[name]) for name in ("org", "team", "admission") if who.get(name)},
        }
        key = signing_key(self.servers)
        return minted(key, claims, seconds=SLOWEST_RUN_S)

    async def call(self, service: str, method: str, path: str, *, token: str, **more: Any) -> httpx2.Response:
        """One request with the headers a good client sends; ``json``, ``version`` and ``key`` as wanted."""
        key = more.get("key") or secrets.token_hex(8)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        if "version" in more:
            headers["If-Match"] = f'"{more["version"]}"'
        address = self.peers[service] + path
        answer = await self.http.request(method, address, json=more.get("json"), headers=headers)
        must_be_documented(service, method, path, answer)
        return answer

    async def start(self, services: Iterable[str]) -> None:
        names = list(services)
        if KEEPER in names:
            make_keys(self.servers, self.database)
            self._stack.callback(drop_keys, self.servers, self.database)
        # Of a teller that is not started there is an address, at which nobody answers yet.
        for name in {*names, "organisations", *_heard_by(names)}:
            self.peers[name] = f"http://127.0.0.1:{free_port()}"
        if "organisations" not in names:
            await self._serve("organisations", _jwks_only(self))
        for name in names:
            await self._start_service(name)

    async def _start_service(self, name: str) -> None:
        service = _service(name)
        settings = settings_class(name).model_validate({
            **self.settings(name).model_dump(),
            "token_key": self.servers.secrets["TOKEN_KEY"],
            "bootstrap_secret": self.servers.secrets["BOOTSTRAP_SECRET"],
        })  # fmt: skip
        app = self._apps[name] = create_api(service, settings)
        await self._serve(name, app)
        self.start_worker(name)

    def api(self, name: str) -> FastAPI:
        """A service's running API itself."""
        return self._apps[name]

    def start_worker(self, name: str) -> None:
        self.workers[name] = asyncio.create_task(Worker(_service(name), self.settings(name)).run())

    async def stop_worker(self, name: str) -> None:
        task = self.workers.pop(name)
        await end(task)

    async def _serve(self, name: str, app: ASGIApp) -> None:
        port = int(self.peers[name].rpartition(":")[2])
        how = uvicorn.Config(
            app,
            port=port,
            log_config=None,
            lifespan="on",
            ws="none",
            server_header=False,
            timeout_keep_alive=75,
        )
        server = uvicorn.Server(how)
        task = asyncio.create_task(server.serve())
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.005)
        self._stack.push_async_callback(_stop, server, task)

    @asynccontextmanager
    async def delivered(self) -> AsyncIterator[None]:
        """Leaves when every log row is copied and every position has caught up."""
        yield
        await self.settle()

    async def settle(self) -> None:
        client = ServiceClient("organisations", self.settings("organisations"))
        try:
            running = [name for name in RECORDED if name in self.workers]
            await demo.settled(client, running, within_s=PATIENCE_S)
        finally:
            await client.close()

    async def close(self) -> None:
        for name in list(self.workers):
            await self.stop_worker(name)
        await self._stack.aclose()
        await self.http.aclose()


def _heard_by(names: Iterable[str]) -> set[str]:
    """The tellers that some services listen to."""
    return {teller for name in names for teller in _service(name).hears}


def _service(name: str) -> Service:
    service: Service = importlib.import_module(f"services.{name}.main").SERVICE
    return service


async def _stop(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    server.should_exit = True
    await task


def settings_class(name: str) -> type[Settings]:
    module = importlib.import_module(f"services.{name}.main")
    return getattr(module, f"{name.capitalize()}Settings", Settings)


def _jwks_only(network: Network) -> FastAPI:
    app = FastAPI()
    key = signing_key(network.servers)

    @app.get("/jwks")
    async def jwks() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    return app
