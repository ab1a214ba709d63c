"""What anybody may read without signing in, and the network's blanks for those who are signed in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from shared.events.base import Area, Theme
from shared.events.organisations import OfferingKind

from ..directory_answers import OpenOffering
from ..directory_forms import MatrixForm, OpenForm
from ..typed import Typed
from ..visit import SignedIn, Visit, Whoever
from ..wire import Problem

router = APIRouter()


@router.get("/insatser")
async def open_offerings(visit: Whoever) -> Response:
    """What is open to everybody, sought or all of it."""
    return await _open_page(visit, "open/offerings.html", [OfferingKind.OPEN, OfferingKind.OPEN_DOOR])


@router.get("/moten")
async def meeting_places(visit: Whoever) -> Response:
    """The meeting places: where they are and when they are open."""
    return await _open_page(visit, "open/places.html", [OfferingKind.OPEN_DOOR])


@router.get("/matris")
async def matrix(visit: SignedIn) -> Response:
    """Which themes the network answers where, its blanks included."""
    typed = Typed.of(visit.request.query_params)
    try:
        query, status = typed.read(MatrixForm).query(), 200
    except Problem as problem:
        typed, query, status = typed.refused(problem, MatrixForm.sentences), {}, problem.status
    counted = (await visit.finding.matrix(query)).items
    cells = {(one.area, one.theme): one.offerings for one in counted}
    blanks = sum(not one.offerings for one in counted)
    shown = {"cells": cells, "blanks": blanks, "areas": [*Area], "themes": [*Theme]}
    return await visit.page("open/matrix.html", status=status, typed=typed, **shown)


async def _open_page(visit: Visit, template: str, kinds: list[OfferingKind]) -> Response:
    typed = Typed.of(visit.request.query_params)
    found: list[OpenOffering] = []
    status = 200
    try:
        found = (await visit.finding.open_to_all(typed.read(OpenForm).query())).items
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - something in the search is wrong
            raise
        typed, status = typed.refused(problem, OpenForm.sentences), problem.status
    shown = [one for one in found if one.kind in kinds]
    return await visit.page(template, status=status, offerings=shown, typed=typed)
