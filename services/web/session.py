"""Who the visitor is: a cookie names the session, and each request turns it into an access token."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from shared.actor import ActorKind
from shared.events.base import Role
from shared.settings import from_base64url

from .clients import Organisations
from .wire import Problem

COOKIE = "__Host-session"
ATTEMPT = "__Host-sign-in"
"""The cookie of a sign-in that has begun at a provider: only this browser can complete it."""

ATTEMPT_S = 600
KEPT_S = 1.0
"""How long a token is used again before organisations is asked anew."""


@dataclass(frozen=True, slots=True)
class User:
    """The visitor, as the access token tells; the services check the token, the pages only read it."""

    id: UUID
    organisation_id: UUID | None
    team_id: UUID | None
    roles: frozenset[str]
    is_card: bool = False
    """Whether it is whoever holds a person's printed card, who sees one page and nothing else."""

    @classmethod
    def from_token(cls, token: str) -> User:
        """The claims of a token that organisations has just given us."""
        claims = json.loads(from_base64url(token.split(".")[1]))
        return cls(
            id=UUID(claims["sub"]),
            organisation_id=_id(claims.get("org")),
            team_id=_id(claims.get("team")),
            roles=frozenset(claims["roles"]),
            is_card=claims.get("kind") == ActorKind.CARD,
        )

    @property
    def is_staff(self) -> bool:
        """Whether it is somebody who works for an organisation."""
        return self.organisation_id is not None and not self.is_card and not self.has(Role.PERSON)

    def has(self, *any_of: Role) -> bool:
        return not self.roles.isdisjoint(any_of)


@dataclass(slots=True)
class Tokens:
    """The tokens of the last second, so that one page asks once for each service that it needs."""

    clock: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    async def of(self, session: str, service: str, organisations: Organisations) -> str:
        """The session's access token for one service; ``Problem`` 401 when the session has ended."""
        self._forget_old()
        _, token = self._kept.get((session, service), (0.0, None))
        if token is None:
            token = (await organisations.token(session, service)).access_token
            self._kept[session, service] = (self.clock() + KEPT_S, token)
        return token

    def forget(self, session: str) -> None:
        for kept in [kept for kept in self._kept if kept[0] == session]:
            del self._kept[kept]

    def _forget_old(self) -> None:
        now = self.clock()
        for kept in [kept for kept, (until, _) in self._kept.items() if until <= now]:
            del self._kept[kept]


def session_of(request: Request) -> str:
    """The session that the cookie names; ``Problem`` 401 without one."""
    session = request.cookies.get(COOKIE, "")
    if not session:
        raise Problem(status=401, slug="unauthenticated")
    return session


def remember(response: Response, session: str) -> None:
    """Give the browser the cookie; it goes when the browser closes."""
    response.set_cookie(COOKIE, session, secure=True, httponly=True, samesite="lax", path="/")


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")


def bind(response: Response, attempt: str) -> None:
    """Give the browser what its answer from the provider must fit."""
    response.set_cookie(
        ATTEMPT, attempt, max_age=ATTEMPT_S, secure=True, httponly=True, samesite="lax", path="/"
    )


def unbind(response: Response) -> None:
    response.delete_cookie(ATTEMPT, secure=True, httponly=True, samesite="lax", path="/")


def _id(claim: str | None) -> UUID | None:
    return UUID(claim) if claim else None
