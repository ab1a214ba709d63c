"""What all runs share: the servers, one migrated database whose clock stands, the services' APIs."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import httpx2
import psycopg
import structlog
from fastapi import FastAPI
from psycopg import sql as pg

from shared.api import create_api
from shared.database import Database
from shared.events.base import Role
from shared.service import Service
from shared.settings import Settings
from shared.tokens import Doorkeeper
from shared.vault import Vault
from tests.keys import drop_keys, keys_url, make_keys
from tests.network import RECORDED, Network, settings_class, signing_key
from tests.servers import Servers

from .schedule import Loop
from .simulation import START, Simulation

BASE = f"simulated_{os.getpid()}"
PATIENCE_S = 120.0
ASKED = ("organisations", "referrals")

STANDING_CLOCK = """
create or replace function {schema}.app_now() returns timestamptz language sql volatile
return {start}::timestamptz + (select shift from {schema}.clock)
"""


class Bench:
    """Where runs are made, one after the other."""

    def __init__(self, servers: Servers, template: str) -> None:
        self._servers, self._network = servers, Network(servers, BASE)
        self.services: dict[str, Service] = {
            name: importlib.import_module(f"services.{name}.main").SERVICE for name in RECORDED
        }
        self._apps = {name: self._app(name) for name in ASKED}
        self._clients: dict[str, httpx2.AsyncClient] = {}
        self._make_base(template)

    def _app(self, name: str) -> FastAPI:
        told = {**self._network.settings(name).model_dump()}
        told |= {key.lower(): self._servers.secrets[key] for key in ("TOKEN_KEY", "BOOTSTRAP_SECRET")}
        app = create_api(self.services[name], settings_class(name).model_validate(told))
        key = signing_key(self._servers)

        async def jwks() -> dict[str, Any]:
            return {"keys": [key.as_dict(private=False)]}

        app.state.door = Doorkeeper(name, app.state.settings.service_keys, jwks)
        return app

    def _make_base(self, template: str) -> None:
        with psycopg.connect(self._servers.postgres.url, autocommit=True) as admin:
            self._clone(admin, BASE, template)
        with psycopg.connect(self.address_of(BASE), autocommit=True) as admin:
            for service in RECORDED:
                standing = pg.SQL(STANDING_CLOCK).format(schema=pg.Identifier(service), start=START)
                admin.execute(standing)

    def _clone(self, admin: psycopg.Connection[Any], name: str, template: str) -> None:
        # Servers that are given may still have an earlier run's.
        admin.execute(pg.SQL("drop database if exists {} with (force)").format(pg.Identifier(name)))
        clone = pg.SQL("create database {} template {}")
        admin.execute(clone.format(pg.Identifier(name), pg.Identifier(template)))

    @contextmanager
    def _database(self, name: str) -> Iterator[str]:
        """A run's own database."""
        with psycopg.connect(self._servers.postgres.url, autocommit=True) as admin:
            self._clone(admin, name, BASE)
            make_keys(self._servers, name)
            try:
                yield name
            finally:
                drop_keys(self._servers, name)
                admin.execute(pg.SQL("drop database {} with (force)").format(pg.Identifier(name)))

    def close(self) -> None:
        """Leave nothing of ours on servers that were given."""
        with psycopg.connect(self._servers.postgres.url, autocommit=True) as admin:
            admin.execute(pg.SQL("drop database {} with (force)").format(pg.Identifier(BASE)))

    # What a run asks

    def address_of(self, database: str) -> str:
        return self._servers.postgres.url.rpartition("/")[0] + f"/{database}"

    def settings(self, service: str, database: str) -> Settings:
        base = self._settings(service)
        address = base.database_url.removesuffix(BASE) + database
        keys = keys_url(self._servers, database) if base.keys_database_url else ""
        return base.model_copy(update={"database_url": address, "keys_database_url": keys})

    @cache  # noqa: B019 - one bench a process
    def _settings(self, service: str) -> Settings:
        return self._network.settings(service)

    def token(self, role: Role, **who: Any) -> str:
        return self._token(role, tuple(sorted(who.items())))

    @cache  # noqa: B019 - one bench a process
    def _token(self, role: Role, who: tuple[tuple[str, Any], ...]) -> str:
        return self._network.token(role, **dict(who))

    def give(self, service: str, database: Database, vault: Vault) -> None:
        """Let a service's API run on this run's databases."""
        if service in self._apps:
            state = self._apps[service].state
            state.database, state.vault = database, vault

    def client(self, service: str) -> httpx2.AsyncClient:
        return self._clients[service]

    # Running

    def run(self, seed: int | None) -> Simulation:
        """One run to its end, good or bad."""
        database = self._database(f"{BASE}_{seed}")
        with database as name, quiet(), asyncio.Runner(loop_factory=Loop) as runner:
            loop = runner.get_loop()
            assert isinstance(loop, Loop)
            run = Simulation(self, name, seed, loop)
            runner.run(self._run(run))
            return run

    async def _run(self, run: Simulation) -> None:
        for service, app in self._apps.items():
            transport = httpx2.ASGITransport(app)
            self._clients[service] = httpx2.AsyncClient(transport=transport, base_url="http://api")
        with self._hurrying():
            await run.play()

    @contextmanager
    def _hurrying(self) -> Iterator[None]:
        """End a run that waits for what never comes; the run's own clock would not notice."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        alarm = threading.Timer(PATIENCE_S, loop.call_soon_threadsafe, [task.cancel])
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()


@contextmanager
def quiet() -> Iterator[None]:
    """Faults are what is wanted here: nobody writes a line about them."""
    before = structlog.get_config()
    silent = structlog.ReturnLoggerFactory()
    structlog.configure(logger_factory=silent, processors=[_drop], cache_logger_on_first_use=False)
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
        structlog.configure(**before)


def _drop(*_: object) -> structlog.typing.ProcessorReturnValue:
    raise structlog.DropEvent
