"""The caseworker's hand-overs: the list, one of them, and what may be done with it."""

from __future__ import annotations

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from .. import words
from ..forms import Command, RecallForm, SendForm
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem
from .consents import check_page

router = APIRouter(prefix="/overlamningar")


@router.get("")
async def my_referrals(visit: SignedIn) -> Response:
    """Mina överlämningar."""
    sent, names = await asyncio.gather(visit.referrals.box("out"), visit.names())
    return await visit.page("referrals/list.html", referrals=sent.items, names=names)


@router.get("/{referral_id}")
async def one_referral(referral_id: UUID, visit: SignedIn) -> Response:
    """Where it stands, what was agreed, and what may be done now."""
    return await _show(visit, referral_id)


@router.get("/{referral_id}/lage")
async def its_state(referral_id: UUID, visit: SignedIn, sedan: int) -> Response:
    """The state box alone, for a page that shows version ``sedan``; 204 while nothing is new."""
    referral = await visit.referrals.referral(referral_id)
    if referral.version == sedan:
        return Response(status_code=204)
    return visit.part("referrals/state.html", referral=referral, typed=Typed(), live=True)


@router.post("/{referral_id}/skicka")
async def send(referral_id: UUID, visit: SignedIn) -> Response:
    """A form is posted: the referral is sent, with some seconds to change one's mind."""
    typed = await visit.typed()
    try:
        form = typed.read(SendForm)
        confirmed = {"although_full": True} if form.although_full else {}
        body = {"undo_s": visit.house.settings.undo_s, **confirmed}
        await visit.referrals.command("send", referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        page = check_page if problem.slug == "receiver-full" else _show
        return await page(visit, referral_id, typed.refused(problem, {}), status=problem.status)
    return see(f"/overlamningar/{referral_id}")


@router.post("/{referral_id}/angra")
async def undo(referral_id: UUID, visit: SignedIn) -> Response:
    """Take back what was sent a moment ago; nobody has seen it."""
    return await _command(visit, referral_id, "undo", {})


@router.post("/{referral_id}/kasta")
async def discard(referral_id: UUID, visit: SignedIn) -> Response:
    """Throw a draft away."""
    return await _command(visit, referral_id, "discard", {})


@router.get("/{referral_id}/dra-tillbaka")
async def ask_why_recalled(referral_id: UUID, visit: SignedIn) -> Response:
    """The reason for taking it back."""
    return await _recall_page(visit, referral_id, Typed())


@router.post("/{referral_id}/dra-tillbaka")
async def recall(referral_id: UUID, visit: SignedIn) -> Response:
    """Take the referral back from its receiver."""
    typed = await visit.typed()
    try:
        form = typed.read(RecallForm)
        body = {"reason": form.reason}
        await visit.referrals.command("recall", referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, RecallForm.sentences)
        return await _recall_page(visit, referral_id, refused, status=problem.status)
    return see(f"/overlamningar/{referral_id}")


async def _command(visit: Visit, referral_id: UUID, name: str, body: dict[str, int]) -> Response:
    typed = await visit.typed()
    try:
        form = typed.read(Command)
        await visit.referrals.command(name, referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        return await _show(visit, referral_id, typed.refused(problem, {}), status=problem.status)
    return see(f"/overlamningar/{referral_id}")


async def _show(
    visit: Visit, referral_id: UUID, typed: Typed | None = None, *, status: int = 200
) -> Response:
    referral = await visit.referrals.referral(referral_id)
    need, path, offering, timeline, consents, names = await asyncio.gather(
        visit.referrals.need(referral.need_id),
        visit.referrals.path(referral.path_id),
        visit.organisations.offering(referral.offering_id),
        visit.referrals.timeline(referral_id),
        visit.referrals.consents(referral_id),
        visit.names(),
    )
    declined = await visit.referrals.answer(referral_id) if referral.state == "declined" else None
    return await visit.page(
        "referrals/one.html",
        status=status,
        referral=referral,
        need=need,
        person=await visit.referrals.person(path.person_id),
        path_of=path,
        offering=offering,
        timeline=timeline.items,
        consents=consents.items,
        names=names,
        declined=declined,
        typed=typed or Typed(),
    )


async def _recall_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral = await visit.referrals.referral(referral_id)
    reasons = words.RECALL_REASONS
    return await visit.page(
        "referrals/recall.html", status=status, referral=referral, reasons=reasons, typed=typed
    )
