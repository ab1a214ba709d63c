"""What organisations have agreed on: the network writes it down, and ends it."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from ..forms import Command
from ..joining_forms import AgreementForm
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

AGREEMENTS = "/natverket/overenskommelser"

router = APIRouter(prefix=AGREEMENTS)


@router.get("")
async def agreements(visit: SignedIn) -> Response:
    """All of them; the address may name a party that is ticked from the start."""
    return await _page(visit, Typed({"parties": visit.request.query_params.getlist("part")}))


@router.post("")
async def conclude(visit: SignedIn) -> Response:
    """Write one down."""
    typed = await visit.typed()
    try:
        form = typed.read(AgreementForm)
        await visit.network.conclude(form.body(), key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, AgreementForm.sentences)
        return await _page(visit, refused, status=problem.status)
    return see(AGREEMENTS)


@router.post("/{agreement_id}/avsluta")
async def end(agreement_id: UUID, visit: SignedIn) -> Response:
    """Nothing new travels under it."""
    typed = await visit.typed()
    try:
        await visit.network.end_agreement(agreement_id, version=typed.read(Command).version)
    except Problem as problem:
        return await _page(visit, typed.refused(problem, {}), status=problem.status)
    return see(AGREEMENTS)


async def _page(visit: Visit, typed: Typed, *, status: int = 200) -> Response:
    written, names = await asyncio.gather(visit.network.agreements(), visit.names())
    shown = {"agreements": [*reversed(written.items)], "names": names, "typed": typed}
    return await visit.page("joining/agreements.html", status=status, **shown)
