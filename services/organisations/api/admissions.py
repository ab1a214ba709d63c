"""Asking the service that keeps persons: whom an admission lets in, and whether a code is good.

It is asked outside of any transaction; neither a code nor a person's id is kept here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from uuid import UUID

import httpx2
from fastapi import Request

from shared import typed_codes
from shared.actor import Actor, ActorKind
from shared.errors import Unavailable

from ..commands import attempts
from ..domain.attempt import CodeOver
from ..domain.sign_in import Holder, NotSignedIn
from .opening import opened

KEEPER = "referrals"
REFUSALS = {403, 404, 422}

Kind = Literal["status_card", "e_id"]


async def whoever(request: Request, actor: Actor) -> Actor:
    """The actor as she is known; raises ``NotSignedIn`` for whom her e-ID lets in no more."""
    if actor.kind is not ActorKind.PERSON or actor.admission is None:
        return actor
    path = f"/admissions/{actor.admission}?organisation_id={actor.organisation_id}"
    answer: httpx2.Response = await request.app.state.client.call(KEEPER, "GET", path)
    if answer.status_code == httpx2.codes.NOT_FOUND:
        async with opened(request) as tx:
            await attempts.forget(tx, actor.admission)
        raise NotSignedIn
    if answer.status_code != httpx2.codes.OK:
        raise Unavailable(service=KEEPER, answered=answer.status_code)
    return replace(actor, id=UUID(answer.json()["person_id"]))


async def redeemed(request: Request, kind: Kind, code: str, *, attempt: UUID) -> Holder:
    """Use a code; the same attempt again, a double click, is answered alike.  Raises ``CodeOver``."""
    asked = {"kind": kind, "code": typed_codes.canonical(code) or "-"}
    headers = {"Idempotency-Key": str(attempt)}
    answer: httpx2.Response = await request.app.state.client.call(
        KEEPER, "POST", "/admissions/redemption", json=asked, headers=headers
    )
    if answer.status_code in REFUSALS:
        raise CodeOver
    if answer.status_code != httpx2.codes.OK:
        raise Unavailable(service=KEEPER, answered=answer.status_code)
    said = answer.json()
    return Holder(
        kind=ActorKind.CARD if kind == "status_card" else ActorKind.PERSON,
        id=UUID(said["admission_id"]),
        organisation_id=UUID(said["organisation_id"]),
        by_admission=True,
    )
