"""Consent: asking for it with the exact text, checking what will be seen, and taking it back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from ..forms import ConsentForm, Form
from ..looks import HERE
from ..typed import Typed
from ..visit import SignedIn, Visit, see
from ..wire import Problem

USUAL = timedelta(days=90)
"""How long the form proposes (R-13); the referrals service allows at most 365 days."""

router = APIRouter()


@router.get("/overlamningar/{referral_id}/samtycke")
async def ask_consent(referral_id: UUID, visit: SignedIn) -> Response:
    """Read the text to the person and write down her answer."""
    return await _consent_page(visit, referral_id, Typed())


@router.post("/overlamningar/{referral_id}/samtycke")
async def record_consent(referral_id: UUID, visit: SignedIn) -> Response:
    """Yes and no are both full answers, and both are recorded."""
    typed = await visit.typed()
    try:
        form = typed.read(ConsentForm).checked()
        await visit.referrals.record_consent(_body(form, referral_id), key=form.key)
    except Problem as problem:
        refused = typed.refused(problem, ConsentForm.sentences)
        return await _consent_page(visit, referral_id, refused, status=problem.status)
    return see(f"/overlamningar/{referral_id}/{'granska' if form.answer == 'yes' else 'nej'}")


@router.get("/overlamningar/{referral_id}/granska")
async def check(referral_id: UUID, visit: SignedIn) -> Response:
    """Exactly what the receiver will see, and nothing else."""
    return await check_page(visit, referral_id, Typed())


async def check_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    """The page from which it is sent."""
    referral, preview, names = await asyncio.gather(
        visit.referrals.referral(referral_id), visit.referrals.preview(referral_id), visit.names()
    )
    offering = await visit.organisations.offering(referral.offering_id)
    shown: dict[str, Any] = {"referral": referral, "preview": preview, "names": names, "offering": offering}
    return await visit.page("new/check.html", status=status, typed=typed, **shown)


@router.get("/overlamningar/{referral_id}/nej")
async def after_no(referral_id: UUID, visit: SignedIn) -> Response:
    """What else can be done when the person says no."""
    referral = await visit.referrals.referral(referral_id)
    return await visit.page("new/no.html", referral=referral, typed=Typed())


@router.get("/samtycken/{consent_id}/ta-tillbaka")
async def confirm_withdrawal(consent_id: UUID, visit: SignedIn) -> Response:
    """What stops, and what cannot be undone."""
    return await _withdrawal_page(visit, consent_id, Typed())


@router.post("/samtycken/{consent_id}/ta-tillbaka")
async def withdraw(consent_id: UUID, visit: SignedIn) -> Response:
    """Take the consent back at once, without a reason (R-11)."""
    typed = await visit.typed()
    try:
        await visit.referrals.withdraw(consent_id, key=typed.read(Form).key)
    except Problem as problem:
        return await _withdrawal_page(visit, consent_id, typed.refused(problem, {}), status=problem.status)
    return see(f"/samtycken/{consent_id}/ta-tillbaka")


def _body(form: ConsentForm, referral_id: UUID) -> dict[str, Any]:
    told = form.model_dump(mode="json", exclude={"key", "interpreter"})
    return told | {
        "kind": "secrecy_release",
        "referral_id": str(referral_id),
        "language": "sv",
        "given_by": [{"who": "person"}],
        "interpreter": form.interpreter is not None,
    }


async def _consent_page(visit: Visit, referral_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    referral, text, names = await asyncio.gather(
        visit.referrals.referral(referral_id), visit.referrals.consent_text(referral_id, "sv"), visit.names()
    )
    offering, receiver = await asyncio.gather(
        visit.organisations.offering(referral.offering_id),
        visit.organisations.organisation(referral.to_organisation_id),
    )
    about = {"offering": offering, "receiver": receiver, "names": names}
    shown = {"referral": referral, "text": text, "typed": typed, **about}
    until = (datetime.now(HERE) + USUAL).date()
    return await visit.page("new/consent.html", status=status, until=until, **shown)


async def _withdrawal_page(visit: Visit, consent_id: UUID, typed: Typed, *, status: int = 200) -> Response:
    consent, names = await asyncio.gather(visit.referrals.consent(consent_id), visit.names())
    return await visit.page(
        "consents/withdraw.html", status=status, consent=consent, names=names, typed=typed
    )
