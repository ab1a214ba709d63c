"""One request by one visitor: who she is, whom to ask, and how a page is made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shared.events.base import Role

from . import sentences
from .answers import Provider
from .clients import Notifications, Organisations, Referrals, Tracing
from .directory import Finding, Network, Own
from .looks import Looks
from .session import Tokens, User, session_of
from .settings import WebSettings
from .typed import Typed
from .wire import Problem, Question, Wire

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class House:
    """What all visits share."""

    settings: WebSettings
    wire: Wire
    looks: Looks
    tokens: Tokens


@dataclass(frozen=True)
class Visit:
    """A visitor, signed in or not, and the request she makes."""

    request: Request
    house: House
    user: User | None = None
    session: str | None = None

    @property
    def me(self) -> User:
        """The visitor who is signed in; ``Problem`` 401 when nobody is."""
        if self.user is None:
            raise Problem(status=401, slug="unauthenticated")
        return self.user

    async def ask(self, question: Question[T]) -> T:
        """Put a question in the visitor's own name."""
        return await self.house.wire.ask(question, await self.headers(question.service))

    async def headers(self, service: str) -> Mapping[str, str]:
        """What every question to a service says: whose it is, and which request it belongs to."""
        if self.session is None:
            return self._belongs
        token = await self.house.tokens.of(self.session, service, passer_by(self.request).organisations)
        return {**self._belongs, "Authorization": f"Bearer {token}"}

    @cached_property
    def _belongs(self) -> Mapping[str, str]:
        state = self.request.state
        belongs = {"X-Correlation-Id": str(state.correlation_id)}
        return belongs | ({"traceparent": state.traceparent} if state.traceparent else {})

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self.ask)

    @cached_property
    def referrals(self) -> Referrals:
        return Referrals(self.ask)

    @cached_property
    def notifications(self) -> Notifications:
        return Notifications(self.ask)

    @cached_property
    def tracing(self) -> Tracing:
        return Tracing(self.ask)

    @cached_property
    def finding(self) -> Finding:
        return Finding(self.ask)

    @cached_property
    def own(self) -> Own:
        return Own(self.ask)

    @cached_property
    def network(self) -> Network:
        return Network(self.ask)

    @property
    def home(self) -> UUID:
        """The visitor's own organisation; ``Problem`` 403 for who has none."""
        if self.me.organisation_id is None:
            raise Problem(status=403, slug="role-missing")
        return self.me.organisation_id

    def forget_tokens(self) -> None:
        """What the visitor may do has changed: the next page asks anew."""
        if self.session is not None:
            self.house.tokens.forget(self.session)

    async def typed(self) -> Typed:
        """What was posted."""
        return Typed.of(await self.request.form())

    async def names(self) -> Mapping[UUID, str]:
        """The organisations' names by id."""
        return {one.id: one.name for one in (await self.organisations.organisations()).items}

    async def page(self, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
        """A whole page, with the frame around it."""
        unread = await self.unread()
        return self.part(template, status=status, unread=unread, **shown)

    def part(self, template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
        """A page or a piece of one, without asking anybody."""
        frame = {"user": self.user, "demo": self.house.settings.demo, "path": self.request.url.path}
        return HTMLResponse(self.house.looks.render(template, frame | shown), status_code=status)

    def refusal(self, status: int, slug: str, *, again: str | None = None) -> HTMLResponse:
        """A page that says calmly what cannot be done, and perhaps where to begin again."""
        heading, sentence = sentences.problem(slug)
        calm = "problems/ended.html" if slug == "consent-ended" else "problems/problem.html"
        said = {"heading": heading, "sentence": sentence, "code": status, "again": again}
        return self.part(calm, status=status, unread=None, **said)

    async def providers(self) -> list[Provider]:
        """By whom one can sign in; nobody, while nobody can say."""
        try:
            return (await self.organisations.providers()).items
        except Problem:
            return []

    async def unread(self) -> int | None:
        """The number in the bell; ``None`` when nobody can say, for a page is more than its bell."""
        if self.user is None or self.user.is_card or self.user.has(Role.PERSON):
            return None
        try:
            return (await asyncio.wait_for(self.notifications.count(), timeout=1)).unread
        except (Problem, TimeoutError):
            return None


def passer_by(request: Request) -> Visit:
    """A visit by somebody who need not be signed in."""
    return Visit(request, request.app.state.house)


async def signed_in(request: Request) -> Visit:
    """A visit by somebody who is signed in; ``Problem`` 401 otherwise."""
    visit = passer_by(request)
    session = session_of(request)
    token = await visit.house.tokens.of(session, "organisations", visit.organisations)
    return Visit(request, visit.house, User.from_token(token), session)


async def whoever(request: Request) -> Visit:
    """A visit by somebody who is signed in, or by anybody: the page is open to all."""
    try:
        return await signed_in(request)
    except Problem:
        return passer_by(request)


Anyone = Annotated[Visit, Depends(passer_by)]
SignedIn = Annotated[Visit, Depends(signed_in)]
Whoever = Annotated[Visit, Depends(whoever)]


def see(address: str) -> Response:
    """Go and see: the answer to every form that was accepted."""
    return RedirectResponse(address, status_code=303)
