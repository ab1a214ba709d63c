"""Colleagues: who they are, what they may do and until when; teams, and who stands in for whom."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from shared.events.base import Role

from ..directory_answers import Colleague
from ..directory_words import ROLES
from ..forms import Command
from ..joining_forms import ColleagueForm, FallbackForm, SubstituteForm, TeamForm, beside_login
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

STAFF = "/medarbetare"
FOR_THE_NETWORK = frozenset({Role.COORDINATOR, Role.NETWORK_ADMIN})

router = APIRouter(prefix=STAFF)


@router.get("")
async def colleagues(visit: SignedIn) -> Response:
    """Everybody, the teams, and who stands in for whom."""
    return await _list_page(visit, Typed())


@router.get("/ny")
async def ask_who_begins(visit: SignedIn) -> Response:
    """A new colleague."""
    return await _form_page(visit, Typed(), None)


@router.post("/ny")
async def appoint(visit: SignedIn) -> Response:
    """Let somebody begin."""
    typed = await visit.typed()
    try:
        form = typed.read(ColleagueForm)
        body = form.body(typed) | {"organisation_id": str(visit.home), "login": form.login}
        await visit.own.appoint(body, key=form.key)
    except Problem as problem:
        return await _form_page(visit, _refused(typed, problem), None, status=problem.status)
    return see(STAFF)


@router.post("/funktioner")
async def open_team(visit: SignedIn) -> Response:
    """Begin another team."""
    typed = await visit.typed()
    try:
        form = typed.read(TeamForm)
        await visit.own.open_team(visit.home, form.team, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, {**TeamForm.sentences, "name": TeamForm.sentences["team"]})
        return await _list_page(visit, refused, status=problem.status)
    return see(STAFF)


@router.post("/funktioner/{team_id}")
async def name_fallback(team_id: UUID, visit: SignedIn) -> Response:
    """Say which team is reached when nobody of this one is on duty."""
    typed = await visit.typed()
    try:
        form = typed.read(FallbackForm)
        body = form.model_dump(mode="json", include={"fallback_team_id"})
        await visit.own.change_team(team_id, body, version=form.version)
    except Problem as problem:
        return await _list_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(STAFF)


@router.post("/ersattare")
async def begin_substitution(visit: SignedIn) -> Response:
    """Let a colleague stand in for another."""
    typed = await visit.typed()
    try:
        form = typed.read(SubstituteForm)
        await visit.own.begin_substitution(form.body(), key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, SubstituteForm.sentences)
        return await _list_page(visit, refused, status=problem.status)
    return see(STAFF)


@router.post("/ersattare/{substitution_id}")
async def end_substitution(substitution_id: UUID, visit: SignedIn) -> Response:
    """She is back."""
    typed = await visit.typed()
    try:
        await visit.own.end_substitution(substitution_id, version=typed.read(Command).version)
    except Problem as problem:
        return await _list_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(STAFF)


@router.get("/{staff_id}")
async def one_colleague(staff_id: UUID, visit: SignedIn) -> Response:
    """What she may do, and until when."""
    one = await visit.own.colleague(staff_id)
    return await _form_page(visit, _standing(one), one)


@router.post("/{staff_id}")
async def change(staff_id: UUID, visit: SignedIn) -> Response:
    """Other roles, another team, or other last days: that is how a role is renewed."""
    typed = await visit.typed()
    one = await visit.own.colleague(staff_id)
    try:
        version, form = typed.read(Command).version, typed.read(ColleagueForm)
        await visit.own.change_colleague(staff_id, form.body(typed), version=version)
    except Problem as problem:
        return await _form_page(visit, _refused(typed, problem), one, status=problem.status)
    visit.forget_tokens()
    return see(STAFF)


@router.post("/{staff_id}/slutar")
async def let_go(staff_id: UUID, visit: SignedIn) -> Response:
    """She has left: signed out everywhere, at once."""
    return await _set_active(visit, staff_id, active=False)


@router.post("/{staff_id}/tillbaka")
async def take_back(staff_id: UUID, visit: SignedIn) -> Response:
    """She is here again."""
    return await _set_active(visit, staff_id, active=True)


async def _set_active(visit: Visit, staff_id: UUID, *, active: bool) -> Response:
    typed = await visit.typed()
    one = await visit.own.colleague(staff_id)
    try:
        version = typed.read(Command).version
        await visit.own.change_colleague(staff_id, {"active": active}, version=version)
    except Problem as problem:
        refused = Typed(_standing(one).values).refused(problem, {})
        return await _form_page(visit, refused, one, status=problem.status)
    return see(STAFF)


def _refused(typed: Typed, problem: Problem) -> Typed:
    return typed.refused(beside_login(problem), ColleagueForm.sentences)


def _standing(one: Colleague) -> Typed:
    """What stands in the fields of somebody who is here."""
    said: dict[str, list[str]] = {
        "name": [one.name or ""],
        "team_id": [str(one.team_id or "")],
        "roles": [*one.roles],
    }
    return Typed(said | {f"until_{end.role}": [end.valid_until.isoformat()] for end in one.roles_until})


async def _list_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    staff, teams, pledges, substitutions = await asyncio.gather(
        visit.own.staff(), visit.own.teams(visit.home), visit.own.pledges(), visit.own.substitutions()
    )
    shown: dict[str, Any] = {
        "staff": staff.items,
        "teams": {one.id: one for one in teams.items},
        "pledged": {one.staff_id: one.valid_until for one in pledges.items},
        "names": {one.id: one.name for one in staff.items},
        "substitutions": [one for one in substitutions.items if one.ended_at is None],
    }
    return await visit.page("staff/list.html", status=status, typed=typed, **shown)


async def _form_page(visit: Visit, typed: Typed, one: Colleague | None, *, status: int = 200) -> Response:
    teams = {str(team.id): team.name for team in (await visit.own.teams(visit.home)).items}
    held = set(one.roles) if one else set()
    roles = {
        role: word for role, word in ROLES.items() if role not in FOR_THE_NETWORK or held & FOR_THE_NETWORK
    }
    return await visit.page("staff/form.html", status=status, one=one, teams=teams, roles=roles, typed=typed)
