"""Signing in at an identity provider: going there, and coming back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from ..forms import ProviderForm
from ..session import ATTEMPT, COOKIE, bind, remember, unbind
from ..visit import Anyone, Visit, see
from ..wire import Problem

router = APIRouter()


@router.post("/logga-in/hos/{provider}")
async def go(provider: str, visit: Anyone) -> Response:
    """Begin, bind the attempt to this browser, and lead it to the provider."""
    step_up = (await visit.typed()).read(ProviderForm).step_up is not None
    begun = await visit.organisations.begin_sign_in(provider, step_up=step_up)
    response = onward(visit, begun.address)
    bind(response, begun.id)
    return response


@router.get("/logga-in/svar/{provider}")
async def come_back(
    provider: str,
    visit: Anyone,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str | None, Query(max_length=4000)] = None,
    iss: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Begin a session, if this browser is the one that went, and the provider vouches for whoever came."""
    attempt = visit.request.cookies.get(ATTEMPT, "")
    came = {"id": attempt, "provider": provider, "state": state, "code": code, "iss": iss}
    try:
        response = await _signed_in(visit, came)
    except Problem as problem:
        response = visit.refusal(problem.status, problem.slug, again="/logga-in")
    unbind(response)
    return response


async def _signed_in(visit: Visit, came: dict[str, str | None]) -> Response:
    if not came["id"] or not came["state"]:
        raise Problem(status=401, slug="sign-in-failed")
    begun = await visit.organisations.complete_sign_in(came)
    await leave(visit)
    response = see("/")
    remember(response, begun.id)
    return response


async def leave(visit: Visit) -> None:
    """End the session that the browser had before; nobody uses it again."""
    before = visit.request.cookies.get(COOKIE)
    if before:
        visit.house.tokens.forget(before)
        await visit.organisations.sign_out(before)


def onward(visit: Visit, address: str) -> Response:
    """A page that leads to another site: a redirect after a form is refused by ``form-action``."""
    return visit.part("account/onward.html", address=address, unread=None)
