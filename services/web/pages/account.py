"""Signing in and out, and the way to one's own first page."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.events.base import Role

from ..forms import SignInForm
from ..session import forget, remember, session_of
from ..typed import Typed
from ..visit import Anyone, SignedIn, Visit, see
from ..wire import Problem
from .identity import onward

DEMO_LOGINS: Mapping[str, str] = {
    "caseworker-a": "Handläggare på stadens socialtjänst",
    "lead-a": "Gruppledare på stadens socialtjänst",
    "orgadmin-a": "Organisationsadministratör på stadens socialtjänst",
    "logreviewer-a": "Logggranskare på stadens socialtjänst",
    "recipient-b": "Mottagare i en förening",
    "lead-b": "Gruppledare i en förening",
    "orgadmin-b": "Organisationsadministratör i en förening",
    "recipient-c": "Mottagare i ett bostadsbolag",
    "caseworker-d": "Handläggare i en organisation utan del i något",
    "coordinator": "Samordnare för nätverket",
    "netadmin": "Administratör för nätverket",
    "person-1": "En person som själv vill se sin väg",
}
"""The logins that a demo always has, and who each of them is."""

FIRST_PAGES: Mapping[Role, str] = {
    Role.PERSON: "/min-vag",
    Role.CASEWORKER: "/overlamningar",
    Role.RECIPIENT: "/inkorg",
    Role.ORGANISATION_ADMIN: "/var-organisation",
    Role.TEAM_LEAD: "/aviseringar",
    Role.NETWORK_ADMIN: "/floden",
    Role.COORDINATOR: "/floden",
}

router = APIRouter()


@router.get("/")
async def first_page(visit: SignedIn) -> Response:
    """The page where the visitor's work is."""
    return see(_first_page_of(visit))


@router.get("/logga-in")
async def ask_who(visit: Anyone) -> Response:
    """The providers and, in a demo, its logins: a button each."""
    return visit.part(
        "account/sign_in.html",
        logins=_logins(visit),
        providers=await visit.providers(),
        typed=Typed(),
        unread=None,
    )


@router.post("/logga-in")
async def sign_in(visit: Anyone) -> Response:
    """Begin a session and give the browser its cookie."""
    if not _logins(visit):
        raise HTTPException(404)
    typed = await visit.typed()
    begun = await visit.organisations.sign_in(typed.read(SignInForm).login)
    response = see("/")
    remember(response, begun.id)
    return response


@router.post("/logga-ut")
async def sign_out(visit: Anyone) -> Response:
    """End the session, here and at the provider; the cookie goes even if it had ended already."""
    address = None
    try:
        session = session_of(visit.request)
        visit.house.tokens.forget(session)
        address = await _way_out(visit, session)
        await visit.organisations.sign_out(session)
    except Problem as problem:
        if problem.status != 401:  # noqa: PLR2004 - nobody was signed in
            raise
    response = onward(visit, address) if address else see("/logga-in")
    forget(response)
    return response


async def _way_out(visit: Visit, session: str) -> str | None:
    """Where the provider ends its own session; a provider that is away keeps nobody signed in here."""
    try:
        return (await visit.organisations.way_out(session)).address
    except Problem as problem:
        if problem.status == 401:  # noqa: PLR2004 - the session is over
            raise
        return None


def _logins(visit: Visit) -> Mapping[str, str]:
    return DEMO_LOGINS if visit.house.settings.demo else {}


def _first_page_of(visit: Visit) -> str:
    user = visit.user
    if user and user.is_card:
        return "/min-status"
    return next((page for role, page in FIRST_PAGES.items() if user and user.has(role)), "/aviseringar")
