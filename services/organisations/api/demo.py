"""What exists in a demo alone: signing in by a login, and a person's login."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from shared.errors import NotFound, RateLimited
from shared.events.base import Role
from shared.http import Body, Handle, Instant, Route, Tx, for_roles, refusing

from ..commands import sign_in as commands
from .opening import limited
from .shapes import Login, Seen
from .sign_in import BY_LOGIN


class InDemoOnly(APIRoute):
    """A route that without ``DEMO=1`` is not there, whoever asks and whatever they send."""

    def get_route_handler(self) -> Handle:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if not request.app.state.settings.demo:
                raise NotFound
            return await inner(request)

        return handle


class InDemoOnlyWithToken(InDemoOnly, Route):
    """The same, for somebody with an access token, in one transaction."""


router = APIRouter(route_class=InDemoOnly, tags=["demo"])
logins = APIRouter(route_class=InDemoOnlyWithToken, tags=["demo"])


class SessionAsked(Body):
    login: Login


class SessionBegun(Seen):
    """A session's id, which is shown this once; it is the bearer's secret."""

    id: str
    ends_at: Instant


class PersonLogin(Body):
    login: Login
    person_id: UUID
    organisation_id: UUID


@router.post("/sessions", status_code=201, openapi_extra=refusing(RateLimited))
async def begin_session(asked: SessionAsked, request: Request, response: Response) -> SessionBegun:
    """Sign in by a login alone; for why without an Idempotency-Key, see the other routes of signing in."""
    async with limited(request, BY_LOGIN, asked.login) as tx:
        id, session = await commands.begin_session(tx, asked.login)
    response.headers["Location"] = "/sessions/current"
    return SessionBegun(id=id, ends_at=session.ends_at)


@logins.post(
    "/demo/person-logins",
    status_code=201,
    openapi_extra=for_roles(Role.CASEWORKER, Role.NETWORK_ADMIN),
)
async def give_person_login(given: PersonLogin, tx: Tx) -> PersonLogin:
    """Let a person sign in as herself; her organisation's caseworkers, or the network, say who she is."""
    await commands.give_person_login(
        tx, given.login, person_id=given.person_id, organisation_id=given.organisation_id
    )
    return given
