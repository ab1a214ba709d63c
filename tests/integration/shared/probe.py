"""An HTTP service made of the kit alone, called in the test's own process."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx2
from fastapi import APIRouter, Response

from shared.app import Service, create_api
from shared.database import Database
from shared.errors import NotFound, VersionStale
from shared.events.base import Role
from shared.events.organisations import PledgeSigned
from shared.http import After, Body, IfMatch, Instant, Limit, Route, Tx, created, for_roles
from shared.settings import Settings
from shared.step_up import StepUpNeeded, stepped_up
from tests.network import Network

PROMISES = """
create table promises (
    id uuid primary key, kept_by uuid not null references subjects deferrable initially deferred
)
"""

router = APIRouter(route_class=Route)


class Told(Body):
    """What to tell."""

    organisation_id: UUID
    version: int


class Named(Body):
    """Something with words in it."""

    words: str


@router.post("/told", status_code=201)
async def tell(body: Told, tx: Tx, response: Response) -> dict[str, Any]:
    """Tell an event; the answer is another at each try."""
    at: Instant = await tx.lock(body.organisation_id)
    await tx.tell(PledgeSigned(staff_id=tx.actor.id, **body.model_dump()))
    created(response, f"/told/{body.version}", body.version)
    return {"at": at, "try": secrets.token_hex(8)}


@router.post("/told/untold", status_code=201)
async def tell_and_break_the_promise(body: Told, tx: Tx) -> Told:
    """Tell an event in a transaction that its commit refuses."""
    await tx.lock(body.organisation_id)
    await tx.tell(PledgeSigned(staff_id=tx.actor.id, **body.model_dump()))
    await tx.sql.execute("insert into promises values (%s, %s)", [tx.actor.id, tx.actor.id])
    return body


@router.post("/told/cut", status_code=201)
async def tell_and_lose_the_connection(body: Told, tx: Tx) -> Told:
    """Tell an event on a connection that the server ends."""
    await tx.lock(body.organisation_id)
    await tx.tell(PledgeSigned(staff_id=tx.actor.id, **body.model_dump()))
    await tx.sql.execute("select pg_terminate_backend(pg_backend_pid())")
    return body


@router.post("/told/refused")
async def tell_and_refuse(body: Told, tx: Tx) -> Told:
    """Tell an event, and then refuse."""
    await tx.tell(PledgeSigned(staff_id=tx.actor.id, **body.model_dump()))
    raise NotFound


@router.post("/told/first", status_code=201)
async def tell_first(body: Told, tx: Tx) -> Told:
    """Tell the organisation's first event; a later one is refused."""
    await tx.lock(body.organisation_id)
    earlier = await tx.sql.execute("select from untold union all select from log")
    if await earlier.fetchone() is not None:
        raise VersionStale
    await tx.tell(PledgeSigned(staff_id=tx.actor.id, **body.model_dump()))
    return body


@router.post("/names/{id}")
async def name(id: UUID, body: Named, seen: IfMatch, tx: Tx) -> dict[str, Any]:
    """Show how long the words are and which version was seen."""
    return {"length": len(body.words), "seen": seen}


@router.get("/names")
async def names(tx: Tx, limit: Limit = 50, after: After = None) -> dict[str, Any]:
    """Show what was asked for."""
    return {"limit": limit, "after": after}


@router.get(
    "/secrets",
    dependencies=[stepped_up(Role.LOG_REVIEWER)],
    openapi_extra=for_roles(Role.LOG_REVIEWER, refuses=[StepUpNeeded]),
)
async def secrets_of_the_house() -> dict[str, Any]:
    """Show what is shown after a step-up alone."""
    return {"shown": True}


@router.get("/bug")
async def bug() -> None:
    """Fail for no reason of the caller's or the machines'."""
    raise LookupError("a secret word")


class Probe:
    """The service, called by a member of staff of one organisation."""

    def __init__(self, network: Network, client: httpx2.AsyncClient, database: Database) -> None:
        self.client, self.database = client, database
        self.staff = UUID("00000000-0000-7000-8000-0000000000aa")
        self.organisation = UUID("00000000-0000-7000-8000-0000000000bb")
        who = {"id": self.staff, "org": self.organisation}
        self.token = network.token(Role.CASEWORKER, **who)
        self.colleague = network.token(Role.CASEWORKER, org=self.organisation)
        self.foreigner = network.token(Role.CASEWORKER, org=self.staff)

    async def call(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """One request; ``token``, ``key`` and ``version`` as wanted, None for none."""
        headers = {
            "Authorization": f"Bearer {token}" if (token := more.pop("token", self.token)) else None,
            "Idempotency-Key": more.pop("key", secrets.token_hex(8)),
            "Content-Type": "application/json",
            "If-Match": f'"{seen}"' if (seen := more.pop("version", None)) is not None else None,
        }
        sent = {name: value for name, value in headers.items() if value is not None}
        return await self.client.request(method, path, headers=sent, **more)

    async def tell(self, path: str = "/told", *, version: int = 1, **more: Any) -> httpx2.Response:
        body = {"organisation_id": str(self.organisation), "version": version}
        return await self.call("POST", path, json=body, **more)

    async def told(self) -> list[int]:
        """The versions that are told, numbered or not."""
        query = """
        select (body ->> 'version')::int as version from untold
        union all select (body ->> 'version')::int from log order by version
        """
        return [row["version"] for row in await self.rows(query)]

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.database.connection() as sql:
            return await (await sql.execute(query.encode())).fetchall()


@asynccontextmanager
async def probing(network: Network, **settings: Any) -> AsyncIterator[Probe]:
    """The service, running with settings of one's own if wanted."""
    told = network.settings("organisations", **settings)
    database = Database.of(network.settings("organisations"))
    app = create_api(Service(name="organisations", routers=[router]), Settings.model_validate(told))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    await database.open()
    client = httpx2.AsyncClient(transport=transport, base_url="http://probe", timeout=60)
    async with app.router.lifespan_context(app), client:
        yield Probe(network, client, database)
    await database.close()


def problem(answer: httpx2.Response) -> tuple[int, str]:
    """A refusal's status and slug."""
    said: Mapping[str, Any] = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    return answer.status_code, said["type"].removeprefix("/problems/")
