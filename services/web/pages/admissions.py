"""A person's ways in: her card's code and what it shows, the code that ties her e-ID, and who gives them."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from ..forms import AdmissionForm, CardForm, Form, TieForm
from ..session import bind, forget, remember
from ..typed import Typed
from ..visit import Anyone, SignedIn, Visit, see
from ..wire import Problem
from .identity import leave, onward

router = APIRouter()


@router.get("/kodkort")
async def ask_code(visit: Anyone) -> Response:
    """Where whoever has a card types its code."""
    return visit.part("admissions/card.html", typed=Typed(), unread=None)


@router.post("/kodkort")
async def show_card(visit: Anyone) -> Response:
    """Use the code, and give the browser a session that shows status alone."""
    typed = await visit.typed()
    try:
        form = typed.read(CardForm)
        begun = await visit.organisations.sign_in_by_card(form.code, attempt=form.key)
    except Problem as problem:
        refused = typed.refused(problem, CardForm.sentences)
        return visit.part("admissions/card.html", status=problem.status, typed=refused, unread=None)
    await leave(visit)
    response = see("/min-status")
    remember(response, begun.id)
    return response


@router.get("/min-status")
async def status(visit: SignedIn) -> Response:
    """Where her referrals stand and who owes the next step."""
    try:
        found = await visit.referrals.status()
    except Problem as problem:
        if problem.status != 401:  # noqa: PLR2004 - the card shows no more
            raise
        response: Response = visit.part("admissions/over.html", status=401, unread=None)
        forget(response)
        return response
    return await visit.page("admissions/status.html", status_of=found)


@router.get("/koppla")
async def ask_to_tie(visit: Anyone) -> Response:
    """Where a person types the code of her caseworker's, before she shows her e-ID."""
    return await _tie_page(visit, Typed())


@router.post("/koppla/{provider}")
async def tie(provider: str, visit: Anyone) -> Response:
    """Go to the provider with the code: whoever comes back is let in by her e-ID from now on."""
    typed = await visit.typed()
    try:
        form = typed.read(TieForm)
        begun = await visit.organisations.begin_sign_in(provider, step_up=False, code=form.code)
    except Problem as problem:
        return await _tie_page(visit, typed.refused(problem, TieForm.sentences), status=problem.status)
    response = onward(visit, begun.address)
    bind(response, begun.id)
    return response


@router.get("/min-inloggning")
async def own(visit: SignedIn) -> Response:
    """Her own ways in."""
    found = await visit.referrals.my_admissions()
    return await visit.page("admissions/own.html", admissions=found.items, typed=Typed())


@router.post("/min-inloggning/{admission_id}/ta-tillbaka")
async def take_own_back(admission_id: UUID, visit: SignedIn) -> Response:
    """End one of them at once."""
    form = (await visit.typed()).read(Form)
    await visit.referrals.take_own_admission_back(admission_id, key=form.key)
    return see("/min-inloggning")


@router.get("/personer/{person_id}/inloggning")
async def of_person(person_id: UUID, visit: SignedIn) -> Response:
    """How a person comes in, to who works with her."""
    return await _ways_page(visit, person_id, Typed())


@router.post("/personer/{person_id}/inloggning")
async def let_in(person_id: UUID, visit: SignedIn) -> Response:
    """Make a code, and show it this once, as it is printed."""
    typed = await visit.typed()
    try:
        form = typed.read(AdmissionForm)
        made = await visit.referrals.let_in(person_id, form.kind, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, AdmissionForm.sentences)
        return await _ways_page(visit, person_id, refused, status=problem.status)
    public_url = visit.house.settings.public_url
    return await visit.page(
        "admissions/printed.html", admission=made, person_id=person_id, public_url=public_url
    )


@router.post("/personer/{person_id}/inloggning/{admission_id}/ta-tillbaka")
async def take_back(person_id: UUID, admission_id: UUID, visit: SignedIn) -> Response:
    """End a way in at once."""
    form = (await visit.typed()).read(Form)
    await visit.referrals.take_admission_back(person_id, admission_id, key=form.key)
    return see(f"/personer/{person_id}/inloggning")


async def _ways_page(visit: Visit, person_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    person = await visit.referrals.person(person_id)
    found = await visit.referrals.admissions(person_id)
    return await visit.page(
        "admissions/of_person.html", status=status, person=person, admissions=found.items, typed=typed
    )


async def _tie_page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    providers = await visit.providers()
    return visit.part("admissions/tie.html", status=status, providers=providers, typed=typed, unread=None)
