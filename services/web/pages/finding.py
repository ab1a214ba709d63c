"""Finding what helps: the search with its reasons, one offering, and saying that an entry is wrong."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from shared.events.base import Role

from ..directory_answers import Hit, Part, by_fit
from ..directory_forms import ErrorForm, SearchForm
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

SEEK_FOR_OTHERS = (Role.CASEWORKER, Role.TEAM_LEAD, Role.COORDINATOR)
"""Whose search that finds nothing the directory tells as a gap."""

router = APIRouter(prefix="/hitta")


@router.get("")
async def search(visit: SignedIn) -> Response:
    """What answers the search, best first, each with why it fits or not."""
    asked = visit.request.query_params
    typed = Typed.of(asked)
    if not asked:
        return await _search_page(visit, typed, SearchForm())
    try:
        form = typed.read(SearchForm)
        found = await visit.finding.search(form.query())
    except Problem as problem:
        refused = typed.refused(problem, SearchForm.sentences)
        return await _search_page(visit, refused, SearchForm(), status=problem.status)
    return await _search_page(visit, typed, form, found)


@router.get("/{offering_id}")
async def one_offering(offering_id: UUID, visit: SignedIn) -> Response:
    """All that the directory says of an offering."""
    offering, names = await asyncio.gather(visit.finding.offering(offering_id), visit.names())
    return await visit.page("finding/one.html", offering=offering, names=names)


@router.get("/{offering_id}/fel")
async def ask_what_is_wrong(offering_id: UUID, visit: SignedIn) -> Response:
    """What is wrong with the entry: a code, no words about anybody."""
    return await _error_page(visit, offering_id, Typed())


@router.post("/{offering_id}/fel")
async def report_error(offering_id: UUID, visit: SignedIn) -> Response:
    """Tell the organisation."""
    typed = await visit.typed()
    try:
        form = typed.read(ErrorForm)
        await visit.finding.report(offering_id, form.kind, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, ErrorForm.sentences)
        return await _error_page(visit, offering_id, refused, status=problem.status)
    return see(f"/hitta/{offering_id}/tack")


@router.get("/{offering_id}/tack")
async def thank(offering_id: UUID, visit: SignedIn) -> Response:
    """The organisation has been told."""
    offering, names = await asyncio.gather(visit.finding.offering(offering_id), visit.names())
    return await visit.page("finding/thanks.html", offering=offering, names=names)


async def _search_page(
    visit: Visit, typed: Typed, form: SearchForm, found: Part[Hit] | None = None, *, status: int = 200
) -> Response:
    rules, names = await asyncio.gather(visit.finding.ranking(), visit.names())
    shown: dict[str, Any] = {"found": None, "typed": typed, "rules": rules.items, "names": names}
    if found is not None:
        fitting, others = by_fit(found.items)
        told = form.need is not None and visit.me.has(*SEEK_FOR_OTHERS)
        more = found.next and _address(visit, found.next)
        shown |= {"found": found, "fitting": fitting, "others": others, "told": told, "more": more}
    return await visit.page("finding/search.html", status=status, first=form.after is None, **shown)


async def _error_page(visit: Visit, offering_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    offering, names = await asyncio.gather(visit.finding.offering(offering_id), visit.names())
    return await visit.page("finding/error.html", status=status, offering=offering, names=names, typed=typed)


def _address(visit: Visit, after: str) -> str:
    """The same search, from where this page ends."""
    asked = [pair for pair in visit.request.query_params.multi_items() if pair[0] != "after" and pair[1]]
    return f"/hitta?{urlencode([*asked, ('after', after)])}"
