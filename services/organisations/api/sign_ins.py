"""Signing in by OpenID Connect: the providers, going to one, coming back, and the way out.

Like the other routes of signing in these ask for no access token and no Idempotency-Key; an
attempt can be completed once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from shared.errors import NotFound, RateLimited, Unavailable
from shared.http import Body, refusing
from shared.limits import RateLimit
from shared.typed_codes import LONGEST, first_group

from ..commands import attempts as commands
from ..commands.sign_in import use_session
from ..domain.attempt import Attempt, CodeOver, LoginUnknown, Proof, SignInFailed, StepUpNotMet
from ..domain.sign_in import Holder, NotSignedIn
from ..oidc import Relying
from . import admissions
from .demo import SessionBegun
from .opening import opened
from .shapes import Seen
from .sign_in import BY_CODE, OurSettings, Secret, SessionId

router = APIRouter(tags=["sign-in"])

Code = Annotated[str, Field(min_length=1, max_length=4000)]
Typed = Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["7KQ2-M4XD-9FTH"])]


BEGUN = RateLimit("sign-in", 600, timedelta(minutes=1))
"""Of everybody together: who asks is not known, and an address behind a proxy is anybody's word."""


class ProviderSeen(Seen):
    """A provider by which people sign in; ``step_up`` if it can ask them anew, and strongly."""

    name: str
    label: str
    step_up: bool


class ProvidersSeen(Seen):
    items: list[ProviderSeen]


class SignInAsked(Body):
    """With a ``code`` of her caseworker's a person ties the e-ID that she comes back with to herself."""

    provider: Annotated[str, Field(max_length=40)]
    step_up: bool = False
    code: Typed | None = None


class SignInBegun(Seen):
    """The attempt's id, for the browser alone to keep, and where the browser goes."""

    id: str
    address: str


class CameBack(Body):
    """What the provider sent back by the browser, and the id that the browser kept."""

    id: Secret
    provider: Annotated[str, Field(max_length=40)]
    state: Secret
    code: Code | None = None
    iss: Annotated[str, Field(max_length=500)] | None = None


class CardShown(Body):
    """A printed card's code; the same ``attempt`` again, a double click, uses it no second time."""

    code: Typed
    attempt: UUID


class WayOut(Seen):
    """Where the provider's own session is ended, if it has one that can be."""

    address: str | None


async def _relying(request: Request, settings: OurSettings) -> dict[str, Relying]:
    """The providers; what they say of themselves is remembered for as long as the process lives."""
    state = request.app.state
    if not hasattr(state, "relying"):
        state.relying = {
            one.name: Relying(one, settings.public_url, settings.demo, settings.patience_s)
            for one in settings.oidc_providers
        }
    relying: dict[str, Relying] = state.relying
    return relying


AllRelying = Annotated[dict[str, Relying], Depends(_relying)]


@router.get("/identity-providers")
async def providers(relying: AllRelying) -> ProvidersSeen:
    """By whom people can sign in here."""
    known = [one.provider for one in relying.values()]
    return ProvidersSeen(
        items=[ProviderSeen(name=one.name, label=one.label, step_up=bool(one.step_up)) for one in known]
    )


@router.post("/sign-ins", status_code=201, openapi_extra=refusing(NotFound, RateLimited, Unavailable))
async def begin(asked: SignInAsked, request: Request, relying: AllRelying) -> SignInBegun:
    """Go to a provider; with ``step_up`` it asks anew, and strongly, who one is."""
    await BEGUN.count(request.app.state.database, "")
    one = relying.get(asked.provider)
    if one is None:
        raise NotFound
    async with opened(request) as tx:
        proof = await commands.begin(tx, one.provider, step_up=asked.step_up, code=asked.code)
    return SignInBegun(id=proof.id, address=await one.address(proof, step_up=asked.step_up))


@router.post(
    "/sign-ins/completion",
    status_code=201,
    openapi_extra=refusing(SignInFailed, LoginUnknown, CodeOver, StepUpNotMet, RateLimited, Unavailable),
)
async def complete(came: CameBack, request: Request, response: Response, relying: AllRelying) -> SessionBegun:
    """Come back from a provider: the attempt is over, whatever comes of it."""
    async with opened(request) as tx:
        attempt = await commands.take(tx, came.id)
    one, proof = relying.get(attempt.provider), Proof(came.id)
    if one is None or came.provider != attempt.provider or not proof.is_answered_by(came.state):
        raise SignInFailed
    if came.code is None:
        raise SignInFailed
    said = await one.who(code=came.code, issuer=came.iss, proof=proof)
    attempt.must_be_met(said.strength)
    tied = await _tied(request, attempt, came.id)
    vouched = commands.Vouched(one.provider, said, request.app.state.vault.keyring)
    async with opened(request) as tx:
        id, session = await commands.complete(tx, vouched, tied)
    response.headers["Location"] = "/sessions/current"
    return SessionBegun(id=id, ends_at=session.ends_at)


async def _tied(request: Request, attempt: Attempt, id: str) -> Holder | None:
    """Whom the code lets in that she brought along, if she brought one."""
    code = commands.code_of(attempt, id)
    if code is None:
        return None
    return await _let_in(request, "e_id", code, attempt=uuid5(NAMESPACE_OID, attempt.digest.hex()))


async def _let_in(request: Request, kind: admissions.Kind, code: str, *, attempt: UUID) -> Holder:
    """Use a code, once the attempt at it is counted; a good one is forgiven."""
    group = first_group(code)
    await BY_CODE.count(request.app.state.database, group)
    holder = await admissions.redeemed(request, kind, code, attempt=attempt)
    async with opened(request) as tx:
        await BY_CODE.forgive(tx.sql, group)
    return holder


@router.post("/sign-ins/card", status_code=201, openapi_extra=refusing(CodeOver, RateLimited, Unavailable))
async def by_card(shown: CardShown, request: Request, response: Response) -> SessionBegun:
    """Sign in by a printed card's code, for a quarter of an hour and to see status alone."""
    card = await _let_in(request, "status_card", shown.code, attempt=shown.attempt)
    async with opened(request) as tx:
        id, session = await commands.begin_by_card(tx, card)
    response.headers["Location"] = "/sessions/current"
    return SessionBegun(id=id, ends_at=session.ends_at)


@router.get("/sessions/current/way-out", openapi_extra=refusing(NotSignedIn, Unavailable))
async def way_out(id: SessionId, request: Request, relying: AllRelying) -> WayOut:
    """Where to go, once signed out here, to be signed out at the provider as well."""
    async with opened(request) as tx:
        session, _ = await use_session(tx, id)
    one = relying.get(session.provider or "")
    return WayOut(address=await one.way_out(commands.hint_of(session, id)) if one else None)
