"""Sessions, access tokens, and the keys that verify them.

These routes ask for no access token: they are where one comes from.  They ask
for no Idempotency-Key either: an answer that is kept for a replay would keep the
secret in it, and a second token or session does no harm.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import ConfigDict, Field, model_validator

from shared.actor import Actor, ActorKind
from shared.errors import NotFound, RateLimited
from shared.events.base import Role
from shared.http import Body, Instant, refusing
from shared.limits import RateLimit

from ..commands import sign_in as commands
from ..domain.sign_in import BOOTSTRAP, NotSignedIn, is_bootstrap
from ..queries import lists as queries
from ..settings import OrganisationsSettings
from ..tokens import BOOTSTRAP_LIFE_S, TOKEN_LIFE_S, TokenKey
from . import admissions
from .opening import limited, opened
from .shapes import Login, Seen

router = APIRouter(tags=["sign-in"])

BY_LOGIN = RateLimit("login", 20, timedelta(minutes=5))
BY_BOOTSTRAP = RateLimit("bootstrap", 10, timedelta(minutes=5))
"""Of everybody together: there is one secret.  A session's id is not limited: it has 256 bits."""

BY_CODE = RateLimit("code", 5, timedelta(minutes=15))
"""Of one first group: who tries groups in turn still has 40 bits to guess in each."""

Secret = Annotated[str, Field(min_length=1, max_length=200)]


class SessionSeen(Seen):
    """Who is signed in, and until when unless the session is used before."""

    kind: ActorKind
    organisation_id: UUID | None
    team_id: UUID | None
    staff_id: UUID | None
    person_id: UUID | None
    name: str | None
    roles: list[Role]
    ends_at: Instant


class TokenAsked(Body):
    """Exactly one of the three: a session's id, the bootstrap secret or, in a demo alone, a login.

    And the one service that the token shall be for; without it, every one.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"login": "caseworker-a"}]})

    session: Secret | None = None
    bootstrap: Secret | None = None
    login: Login | None = None
    audience: Literal["organisations", "referrals", "notifications", "tracing"] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> TokenAsked:
        if [self.session, self.bootstrap, self.login].count(None) != 2:  # noqa: PLR2004 - all but one
            raise ValueError("give exactly one of session, bootstrap and login")
        return self


class TokenGiven(Seen):
    """An access token and the seconds it lasts."""

    access_token: str
    expires_in: int


class Keys(Seen):
    """A JSON Web Key Set (RFC 7517)."""

    keys: list[dict[str, Any]]


async def _settings(request: Request) -> OrganisationsSettings:
    settings: OrganisationsSettings = request.app.state.settings
    return settings


OurSettings = Annotated[OrganisationsSettings, Depends(_settings)]


async def _session_id(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> str:
    if given is None:
        raise NotSignedIn
    return given.credentials


SessionId = Annotated[str, Depends(_session_id)]


@router.get("/sessions/current", openapi_extra=refusing(NotSignedIn))
async def current_session(id: SessionId, request: Request) -> SessionSeen:
    """Who is signed in; the session's id is the bearer token, so that it is in no address."""
    async with opened(request) as tx:
        session, actor = await commands.use_session(tx, id)
        staff = actor.kind is ActorKind.STAFF
        name = (await queries.colleague(tx.sql, actor.id))[0].name if staff else None
    actor = await admissions.whoever(request, actor)
    return SessionSeen(
        kind=actor.kind,
        organisation_id=actor.organisation_id,
        team_id=actor.team_id,
        staff_id=actor.id if staff else None,
        person_id=actor.id if actor.kind is ActorKind.PERSON else None,
        name=name,
        roles=sorted(actor.roles),
        ends_at=session.ends_at,
    )


@router.delete("/sessions/current", status_code=204, openapi_extra=refusing(NotSignedIn))
async def end_session(id: SessionId, request: Request) -> None:
    """Sign out."""
    async with opened(request) as tx:
        await commands.end_session(tx, id)


@router.post("/tokens", openapi_extra=refusing(RateLimited))
async def mint(asked: TokenAsked, request: Request, settings: OurSettings) -> TokenGiven:
    """An access token for whoever is signed in or knows the bootstrap secret, or, in a demo, for a login."""
    if asked.bootstrap is not None:
        async with limited(request, BY_BOOTSTRAP, ""):
            operator = _operator(asked.bootstrap, settings)
        return _minted(operator, settings, asked, seconds=BOOTSTRAP_LIFE_S)
    actor = await _bearer(asked, request, settings)
    return _minted(actor, settings, asked, seconds=TOKEN_LIFE_S)


@router.get("/jwks")
async def jwks(settings: OurSettings, response: Response) -> Keys:
    """The public keys of the access tokens: the one that signs, and while it is changed another."""
    response.headers["Cache-Control"] = "max-age=300"
    keys = [one for one in (settings.token_key, settings.token_key_other) if one is not None]
    return Keys(keys=[TokenKey.from_seed(one.get_secret_value()).public() for one in keys])


def _operator(given: str, settings: OrganisationsSettings) -> Actor:
    if not is_bootstrap(given, settings.bootstrap_secret.get_secret_value()):
        raise NotSignedIn
    return BOOTSTRAP


async def _bearer(asked: TokenAsked, request: Request, settings: OrganisationsSettings) -> Actor:
    if asked.session is not None:
        async with opened(request) as tx:
            _, actor = await commands.use_session(tx, asked.session)
        return await admissions.whoever(request, actor)
    if not settings.demo:
        raise NotFound
    login = asked.login or ""
    async with limited(request, BY_LOGIN, login) as tx:
        return await commands.actor_by_login(tx, login)


def _minted(actor: Actor, settings: OrganisationsSettings, asked: TokenAsked, *, seconds: int) -> TokenGiven:
    key = TokenKey.from_seed(settings.token_key.get_secret_value())
    token = key.mint(actor, seconds=seconds, audience=asked.audience)
    return TokenGiven(access_token=token, expires_in=seconds)
