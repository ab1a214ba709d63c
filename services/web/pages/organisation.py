"""The own organisation: what is missing before it can work with others, and the pledge of confidentiality."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from shared.events.base import Role

from ..directory_answers import OrganisationWhole
from ..forms import Command, Form
from ..joining_forms import ProfileForm
from ..looks import HERE
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem
from .inbox import PLEDGE_VERSION

OURS = "/var-organisation"

router = APIRouter()


@router.get(OURS)
async def our_organisation(visit: SignedIn) -> Response:
    """The checklist, each step with what does it."""
    return await _checklist_page(visit, Typed())


@router.post(f"{OURS}/jag-tar-emot")
async def receive_oneself(visit: SignedIn) -> Response:
    """The administrator receives herself, as in most small associations."""
    typed = await visit.typed()
    try:
        version = typed.read(Command).version
        me = await visit.own.colleague(visit.me.id)
        body = {"roles": sorted({*me.roles, Role.RECIPIENT}), "team_id": await _team_of(visit, me.team_id)}
        await visit.own.change_colleague(me.id, body, version=version)
    except Problem as problem:
        return await _checklist_page(visit, typed.refused(problem, {}), status=problem.status)
    visit.forget_tokens()
    return see(OURS)


@router.get(f"{OURS}/uppgifter")
async def ask_who_we_are(visit: SignedIn) -> Response:
    """Its name, its sector, and how many referrals it wants at once."""
    return await _profile_page(visit, Typed(), await visit.own.organisation(visit.home))


@router.post(f"{OURS}/uppgifter")
async def say_who_we_are(visit: SignedIn) -> Response:
    """What it is in law is the network's to say."""
    typed = await visit.typed()
    ours = await visit.own.organisation(visit.home)
    try:
        form = typed.read(ProfileForm)
        body = form.model_dump(mode="json", include={"name", "sector", "most_at_once"})
        await visit.own.change_organisation(visit.home, body, version=form.version)
    except Problem as problem:
        refused = typed.refused(problem, ProfileForm.sentences)
        return await _profile_page(visit, refused, ours, status=problem.status)
    return see(OURS)


@router.get("/tystnadsloftet")
async def show_pledge(visit: SignedIn) -> Response:
    """The text of the pledge, and until when one has signed it."""
    return await _pledge_page(visit, Typed())


@router.post("/tystnadsloftet")
async def sign_pledge(visit: SignedIn) -> Response:
    """Sign the pledge that is in force (R-44)."""
    typed = await visit.typed()
    try:
        await visit.own.sign_pledge(PLEDGE_VERSION, key=typed.read(Form).key)
    except Problem as problem:
        return await _pledge_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(OURS if visit.me.has(Role.ORGANISATION_ADMIN) else "/tystnadsloftet")


async def _team_of(visit: Visit, team_id: UUID | None) -> str | None:
    """The own team; whoever has none joins the only one that there is."""
    if team_id is not None:
        return str(team_id)
    teams = (await visit.own.teams(visit.home)).items
    return str(teams[0].id) if len(teams) == 1 else None


async def _checklist_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    ours, checklist, me, agreements, names = await asyncio.gather(
        visit.own.organisation(visit.home),
        visit.own.checklist(visit.home),
        visit.own.colleague(visit.me.id),
        visit.network.agreements(),
        visit.names(),
    )
    today = datetime.now(HERE).date()
    in_force = [
        one
        for one in agreements.items
        if visit.home in one.parties and one.ended_at is None and (one.valid_until or today) >= today
    ]
    shown: dict[str, Any] = {"ours": ours, "checklist": checklist, "me": me, "agreements": in_force}
    return await visit.page("joining/checklist.html", status=status, names=names, typed=typed, **shown)


async def _profile_page(
    visit: Visit, typed: Typed, ours: OrganisationWhole, *, status: int = 200
) -> Response:
    return await visit.page("joining/profile.html", status=status, ours=ours, typed=typed)


async def _pledge_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    pledges = (await visit.own.pledges()).items
    mine = max((one.valid_until for one in pledges if one.staff_id == visit.me.id), default=None)
    return await visit.page("joining/pledge.html", status=status, mine=mine, typed=typed)
