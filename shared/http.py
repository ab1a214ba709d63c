"""What every HTTP service does alike: the door, the transaction, the refusals, the lists.

A ``Route`` opens the transaction, runs the endpoint, commits, and only then
answers, so that no client reads "done" before the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from psycopg.errors import UniqueViolation
from pydantic import BaseModel, ConfigDict, PlainSerializer

from . import crash
from .actor import Actor, ActorKind
from .database import Transaction
from .errors import Refused, RoleMissing, Unauthenticated, VersionMissing
from .events.base import Role
from .idempotency import Attempt, Idempotency

LARGEST = 256 * 1024
"""The most bytes of a request's body."""

OVERTAKEN = {409, 412}
"""What a request is refused with when another has changed what it acts on."""

FOR_CARDS = {"x-cards": True}
"""What a route declares that whoever holds a person's printed card may use."""

T = TypeVar("T")
Handle = Callable[[Request], Coroutine[Any, Any, Response]]


def _z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Instant = Annotated[datetime, PlainSerializer(_z, return_type=str)]
"""An instant, RFC 3339 in UTC with a Z."""


class Body(BaseModel):
    """A request's body: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Nothing(Body):
    """A command that says nothing more."""


class Page(BaseModel, Generic[T]):
    """A page of a list; ``next`` is the cursor to give as ``after``, or null."""

    items: list[T]
    next: str | None


class Route(APIRoute):
    """One request, one transaction: 401, 413, 400, then the endpoint, the commit, the answer."""

    def get_route_handler(self) -> Handle:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request.state.actor, request.state.only_asks = await admit(request), False
            await request.body()
            if request.method != "POST":
                return await _transacted(request, inner)
            try:
                return await _once(request, inner)
            except UniqueViolation as violation:
                if violation.diag.table_name != "idempotency":
                    raise
                return await _once(request, inner)
            except Refused as refused:
                # The same request may have been carried out while this one waited for the path.
                earlier = await _kept(request) if refused.status in OVERTAKEN else None
                if earlier is None:
                    raise
                return earlier

        return handle


async def admit(request: Request) -> Actor:
    """Who asks; raises ``Unauthenticated``, for somebody who has left as well.

    To whoever holds a card every route is closed that does not say otherwise: ``RoleMissing``.
    """
    state = request.app.state
    actor: Actor = await state.door.admit(request.headers.get("Authorization"))
    if actor.id in state.left or actor.admission in state.left:
        raise Unauthenticated
    if actor.kind is ActorKind.CARD and not _is_for_cards(request):
        raise RoleMissing
    return actor


def _is_for_cards(request: Request) -> bool:
    said = getattr(request.scope.get("route"), "openapi_extra", None) or {}
    return said.keys() >= FOR_CARDS.keys()


async def _transacted(request: Request, inner: Handle) -> Response:
    async with request.app.state.database.transaction(
        request.state.actor, correlation_id=request.state.correlation_id
    ) as tx:
        request.state.tx = tx
        return await inner(request)


async def _once(request: Request, inner: Handle) -> Response:
    keeper, actor, attempt = await _tried(request)
    async with request.app.state.database.opened(actor, request.state.correlation_id) as tx:
        earlier = await keeper.open(tx, attempt)
        if earlier is not None:
            return earlier
        tx.traceparent = request.state.traceparent
        request.state.tx = tx
        response = await inner(request)
        if response.status_code < 300 and not request.state.only_asks:  # noqa: PLR2004 - the successes
            keeper.keep(tx, attempt, response)
        await tx.flush()
        crash.point("command.before_commit")
    crash.point("command.committed")
    return response


async def _tried(request: Request) -> tuple[Idempotency, Actor, Attempt]:
    keeper: Idempotency = request.app.state.idempotency
    actor: Actor = request.state.actor
    return keeper, actor, await keeper.attempt(request, actor.organisation_id or actor.id)


async def _kept(request: Request) -> Response | None:
    keeper, actor, attempt = await _tried(request)
    async with request.app.state.database.opened(actor, request.state.correlation_id) as tx:
        return await keeper.open(tx, attempt)


async def _transaction(request: Request) -> Transaction:
    tx: Transaction = request.state.tx
    return tx


async def _caller(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


async def _version(
    if_match: Annotated[str | None, Header(description='The version seen, as `"3"`.')] = None,
) -> int:
    text = (if_match or "").removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit():
        raise VersionMissing
    return int(text)


async def only_asks(request: Request) -> None:
    """For a POST that changes nothing, because what it asks has no place in an address: it is not kept."""
    request.state.only_asks = True


Tx = Annotated[Transaction, Depends(_transaction)]
Caller = Annotated[Actor, Depends(_caller)]
IfMatch = Annotated[int, Depends(_version)]
Limit = Annotated[int, Query(ge=1, le=200, description="The most items of the page.")]
After = Annotated[UUID | None, Query(description="The cursor: `next` of the page before.")]


def for_roles(*roles: Role, refuses: Iterable[type[Refused]] = ()) -> dict[str, Any]:
    """The roles that may use a route, and how it refuses, for OpenAPI and ``docs/roles.md``."""
    return {"x-roles": sorted(roles)} | refusing(*refuses)


def refusing(*refusals: type[Refused]) -> dict[str, Any]:
    """How a route refuses beyond what every route of its kind does."""
    return {"x-problems": sorted({one.slug for one in refusals})}


def created(response: Response, location: str, version: int) -> None:
    """Answer 201 with where the new thing is and its version."""
    response.status_code = 201
    response.headers["Location"] = location
    versioned(response, version)


def versioned(response: Response, version: int) -> None:
    """Say which version the answer shows."""
    response.headers["ETag"] = f'"{version}"'
