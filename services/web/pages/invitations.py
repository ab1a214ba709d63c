"""Bringing an association in: the network invites, and whoever holds the link joins.

The secret stands behind the "#" of the link: no browser sends that to anybody (docs/decisions/0039).
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from ..joining_forms import InviteForm, JoinForm, beside_login
from ..typed import Typed
from ..visit import Anyone, SignedIn, Visit
from ..wire import Problem, wrong

router = APIRouter()


@router.get("/natverket/inbjudningar")
async def invitations(visit: SignedIn) -> Response:
    """Who has been invited, and what came of it."""
    return await _list_page(visit, Typed())


@router.post("/natverket/inbjudningar")
async def invite(visit: SignedIn) -> Response:
    """Invite; the link is on the page that answers, and nowhere else."""
    typed = await visit.typed()
    try:
        form = typed.read(InviteForm)
        invited = await visit.network.invite(form.body(), key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, InviteForm.sentences)
        return await _list_page(visit, refused, status=problem.status)
    link = f"{visit.house.settings.public_url}/inbjudan#{invited.secret}"
    return await visit.page("joining/invited.html", status=201, invited=invited, link=link)


@router.get("/inbjudan")
async def ask_who_joins(visit: Anyone) -> Response:
    """The first team and its administrator."""
    return _join_page(visit, Typed())


@router.post("/inbjudan")
async def join(visit: Anyone) -> Response:
    """Come in; signing in is the identity provider's, and in a demo a button."""
    typed = await visit.typed()
    try:
        form = typed.read(JoinForm)
        await visit.network.join(form.body())
    except Problem as problem:
        known = wrong("secret") if problem.status == 404 else beside_login(problem)  # noqa: PLR2004
        return _join_page(visit, typed.refused(known, JoinForm.sentences), status=known.status)
    shown = {"login": form.login, "providers": await visit.providers(), "typed": Typed()}
    return visit.part("joining/joined.html", status=201, unread=None, **shown)


async def _list_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    invited = (await visit.network.invitations()).items
    return await visit.page(
        "joining/invitations.html", status=status, invitations=[*reversed(invited)], typed=typed
    )


def _join_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    return visit.part("joining/join.html", status=status, typed=typed, unread=None)
