"""An organisation's own offerings: kept true in a click or two, written and altered on one page."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from shared.events.organisations import OfferingStatus

from ..directory_answers import OfferingWhole
from ..directory_forms import PauseForm, PlacesForm
from ..forms import Command, Form
from ..offering_form import OfferingForm, blank, body_of, changes_of, in_fields, rows_of, standing
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

OURS = "/vara-insatser"

router = APIRouter(prefix=OURS)


@router.get("")
async def our_offerings(visit: SignedIn) -> Response:
    """All of them, what has been reported wrong, and what must be confirmed."""
    return await _list_page(visit, Typed())


@router.get("/ny")
async def describe(visit: SignedIn) -> Response:
    """A new one; what nearly every offering says is proposed."""
    return await _form_page(visit, blank(visit.me.team_id), None)


@router.post("/ny")
async def publish(visit: SignedIn) -> Response:
    """Put it in the directory."""
    typed = await visit.typed()
    try:
        body = body_of(typed, None) | {"organisation_id": str(visit.home)}
        await visit.own.publish(body, key=typed.read(Form).key)
    except Problem as problem:
        refused = _refused(typed, problem)
        return await _form_page(visit, refused, None, status=problem.status)
    return see(OURS)


@router.get("/{offering_id}")
async def ask_what_is_new(offering_id: UUID, visit: SignedIn) -> Response:
    """All of it, to be altered."""
    offering = await visit.finding.offering(offering_id)
    return await _form_page(visit, standing(offering), offering)


@router.post("/{offering_id}")
async def alter(offering_id: UUID, visit: SignedIn) -> Response:
    """Send what is new, and nothing else: what was not touched keeps its age."""
    typed = await visit.typed()
    before = await visit.finding.offering(offering_id)
    try:
        version = typed.read(Command).version
        if changes := changes_of(typed, before):
            await visit.own.change_offering(offering_id, changes, version=version)
    except Problem as problem:
        return await _form_page(visit, _refused(typed, problem), before, status=problem.status)
    return see(OURS)


@router.post("/{offering_id}/platser")
async def say_places(offering_id: UUID, visit: SignedIn) -> Response:
    """How many can come now: said today, even when it is the same number."""
    typed = await visit.typed()
    at = f"-{offering_id}"
    try:
        form = Typed({**typed.values, "available": typed.values.get(f"available{at}", ())}).read(PlacesForm)
        places = {"available": form.available, "maximum": form.maximum}
        await visit.own.change_offering(offering_id, {"capacity": places}, version=form.version)
    except Problem as problem:
        return await _list_page(visit, _beside(typed, problem, at), status=problem.status)
    return see(f"{OURS}#insats{at}")


@router.post("/{offering_id}/pausa")
async def pause(offering_id: UUID, visit: SignedIn) -> Response:
    """Nothing is sent to it from now on."""
    typed = await visit.typed()
    at = f"-{offering_id}"
    try:
        read = Typed({**typed.values, "paused_until": typed.values.get(f"paused_until{at}", ())})
        form = read.read(PauseForm)
        until = {"paused_until": form.paused_until.isoformat()} if form.paused_until else {}
        body = {"status": OfferingStatus.PAUSED, **until}
        await visit.own.change_offering(offering_id, body, version=form.version)
    except Problem as problem:
        return await _list_page(visit, _beside(typed, problem, at), status=problem.status)
    return see(f"{OURS}#insats{at}")


@router.post("/{offering_id}/oppna")
async def resume(offering_id: UUID, visit: SignedIn) -> Response:
    """It takes people again."""
    typed = await visit.typed()
    try:
        version = typed.read(Command).version
        body = {"status": OfferingStatus.EXISTING}
        await visit.own.change_offering(offering_id, body, version=version)
    except Problem as problem:
        return await _list_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(f"{OURS}#insats-{offering_id}")


@router.post("/{offering_id}/bekrafta")
async def confirm(offering_id: UUID, visit: SignedIn) -> Response:
    """All of it is still so."""
    typed = await visit.typed()
    try:
        form = typed.read(Command)
        await visit.own.confirm_offering(offering_id, version=form.version, key=form.key)
    except Problem as problem:
        return await _list_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(f"{OURS}#insats-{offering_id}")


@router.post("/fel/{report_id}")
async def settle(report_id: UUID, visit: SignedIn) -> Response:
    """What was reported wrong has been seen to."""
    typed = await visit.typed()
    try:
        form = typed.read(Command)
        await visit.own.settle(report_id, version=form.version, key=form.key)
    except Problem as problem:
        return await _list_page(visit, typed.refused(problem, {}), status=problem.status)
    return see(OURS)


def _refused(typed: Typed, problem: Problem) -> Typed:
    return typed.refused(in_fields(problem), OfferingForm.sentences)


def _beside(typed: Typed, problem: Problem, at: str) -> Typed:
    """The errors beside the fields of one offering among many."""
    refused = typed.refused(problem, {**PlacesForm.sentences, **PauseForm.sentences})
    return replace(refused, errors={f"{name}{at}": said for name, said in refused.errors.items()})


async def _list_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    ours, reports = await asyncio.gather(visit.own.offerings(), visit.own.error_reports())
    names = {one.id: one.name for one in ours.items}
    shown: dict[str, Any] = {"offerings": ours.items, "reports": reports.items, "names": names}
    return await visit.page("offerings/list.html", status=status, typed=typed, **shown)


async def _form_page(
    visit: Visit, typed: Typed, offering: OfferingWhole | None, *, status: int = 200
) -> Response:
    teams, known, names = await asyncio.gather(
        visit.own.teams(visit.home), visit.finding.search({"limit": "200"}), visit.names()
    )
    others = {
        str(one.id): f"{one.name}, {names.get(one.organisation_id, '')}"
        for one in known.items
        if offering is None or one.id != offering.id
    }
    shown = {"offering": offering, "teams": teams.items, "others": others, "rows": rows_of(typed)}
    return await visit.page("offerings/form.html", status=status, typed=typed, **shown)
