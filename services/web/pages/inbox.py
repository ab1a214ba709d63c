"""The partner's side: the team's inbox, opening, reading, accepting and declining."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from .. import words
from ..answers import Card
from ..forms import AcceptForm, DeclineForm, OpenForm
from ..looks import HERE
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

PLEDGE_VERSION = 1
A_WEEK = timedelta(days=7)
"""When the form proposes the first contact."""
READABLE = frozenset({"opened", "info_requested", "waitlisted", "accepted", "active", "paused"})

router = APIRouter(prefix="/inkorg")


@router.get("")
async def inbox(visit: SignedIn) -> Response:
    """What has come to the team, the newest first."""
    return await visit.page("inbox/list.html", **await _rows(visit))


@router.get("/rader")
async def rows(visit: SignedIn) -> Response:
    """The list alone, for a page that is already open."""
    return visit.part("inbox/rows.html", **await _rows(visit))


@router.get("/{referral_id}")
async def one(referral_id: UUID, visit: SignedIn) -> Response:
    """The card; and, once opened, exactly what was released."""
    return await _show(visit, referral_id, Typed())


@router.get("/{referral_id}/oppna")
async def ask_conditions(referral_id: UUID, visit: SignedIn) -> Response:
    """The conditions come before the content (R-44)."""
    return await _open_page(visit, referral_id, Typed())


@router.post("/{referral_id}/oppna")
async def open_referral(referral_id: UUID, visit: SignedIn) -> Response:
    """Accept the conditions and open."""
    typed = await visit.typed()
    try:
        form = typed.read(OpenForm)
        body = {"conditions_accepted": True, "pledge_version": form.pledge_version}
        await visit.referrals.command("open", referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, OpenForm.sentences)
        return await _open_page(visit, referral_id, refused, status=problem.status)
    return see(f"/inkorg/{referral_id}")


@router.get("/{referral_id}/ta-emot")
async def ask_who(referral_id: UUID, visit: SignedIn) -> Response:
    """Who is responsible, and when the first contact is."""
    return await _accept_page(visit, referral_id, Typed())


@router.post("/{referral_id}/ta-emot")
async def accept(referral_id: UUID, visit: SignedIn) -> Response:
    """Take the person on."""
    typed = await visit.typed()
    try:
        form = typed.read(AcceptForm)
        body = form.model_dump(mode="json", include={"staff_id", "first_contact_by"})
        await visit.referrals.command("accept", referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, AcceptForm.sentences)
        return await _accept_page(visit, referral_id, refused, status=problem.status)
    return see(f"/inkorg/{referral_id}")


@router.get("/{referral_id}/avboj")
async def ask_why(referral_id: UUID, visit: SignedIn) -> Response:
    """The reason, and what is said to the person."""
    return await _decline_page(visit, referral_id, Typed())


@router.post("/{referral_id}/avboj")
async def decline(referral_id: UUID, visit: SignedIn) -> Response:
    """Say no with a reason, and with a sentence to the person."""
    typed = await visit.typed()
    try:
        form = typed.read(DeclineForm).checked()
        body = form.model_dump(
            mode="json", include={"reason", "sentence", "text", "places_left"}, exclude_none=True
        )
        await visit.referrals.command("decline", referral_id, body, version=form.version, key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, DeclineForm.sentences)
        return await _decline_page(visit, referral_id, refused, status=problem.status)
    return see(f"/inkorg/{referral_id}")


async def _rows(visit: Visit) -> dict[str, Any]:
    """The unanswered and the answered ones, each with its card while the card may be seen."""
    came = (await visit.referrals.box("in")).items
    cards = await asyncio.gather(*(_card(visit, one.id) for one in came))
    rows = list(zip(came, cards, strict=True))
    return {
        "waiting": [row for row in rows if "accept" in row[0].allowed or "open" in row[0].allowed],
        "answered": [row for row in rows if not {"accept", "open"} & set(row[0].allowed)],
    }


async def _card(visit: Visit, referral_id: UUID) -> Card | None:
    try:
        return await visit.referrals.card(referral_id)
    except Problem as problem:
        if problem.status not in (404, 409):
            raise
        return None


async def _show(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral, card, names = await asyncio.gather(
        visit.referrals.referral(referral_id), visit.referrals.card(referral_id), visit.names()
    )
    given = await visit.referrals.disclosure(referral_id) if referral.state in READABLE else None
    shown = {"referral": referral, "card": card, "names": names, "given": given, "typed": typed}
    return await visit.page("inbox/one.html", status=status, **shown)


async def _open_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral, card, consents = await asyncio.gather(
        visit.referrals.referral(referral_id),
        visit.referrals.card(referral_id),
        visit.referrals.consents(referral_id),
    )
    given = next((one for one in consents.items if one.state == "given"), None)
    shown: dict[str, Any] = {"referral": referral, "card": card, "given": given, "typed": typed}
    return await visit.page("inbox/open.html", status=status, pledge_version=PLEDGE_VERSION, **shown)


async def _accept_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral, staff = await asyncio.gather(visit.referrals.referral(referral_id), visit.organisations.staff())
    team = [one for one in staff.items if one.team_id == referral.to_team_id and one.active]
    today = datetime.now(HERE).date()
    shown = {
        "referral": referral,
        "team": team,
        "typed": typed,
        "today": today,
        "proposed": today + A_WEEK,
    }
    return await visit.page("inbox/accept.html", status=status, **shown)


async def _decline_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral = await visit.referrals.referral(referral_id)
    shown = {"referral": referral, "reasons": words.DECLINE_REASONS, "typed": typed}
    return await visit.page("inbox/decline.html", status=status, **shown)
