"""How a person comes in to her own side: made and taken back by who works with her, or by herself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import Role
from shared.http import FOR_CARDS, After, Body, Instant, Limit, Nothing, Page, Route, Tx, for_roles
from shared.typed_codes import LONGEST

from ..commands import admissions as commands
from ..domain.admission import AdmissionKind, CodeOver
from ..domain.refusals import ProtectedIdentity
from ..domain.status import STATUS, Ball, Stage
from ..queries import admissions as queries
from ..queries.admissions import Standing
from ..store.rows import Slice
from .shapes import Keys, Seen, page

of_one = APIRouter(route_class=Route, prefix="/persons/{person_id}/admissions", tags=["persons"])
own = APIRouter(route_class=Route, prefix="/me", tags=["me"])
router = APIRouter(route_class=Route, prefix="/admissions", tags=["persons"])

_TEAM = (Role.CASEWORKER, Role.TEAM_LEAD)
THOSE_WITH_HER = for_roles(*_TEAM)
HERSELF = for_roles(Role.PERSON)
SERVICES = for_roles(Role.SERVICE)


class AdmissionGiven(Body):
    kind: AdmissionKind


class AdmissionSeen(Seen):
    """A way in; `ended_at` is when it was taken back, or another took its place."""

    id: UUID
    kind: AdmissionKind
    made_at: Instant
    expires_at: Instant
    used_at: Instant | None
    ended_at: Instant | None


class AdmissionMade(AdmissionSeen):
    """The way in with its code, which is shown this once; it is for the person."""

    code: str


class CodeGiven(Body):
    kind: AdmissionKind
    code: Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["7KQ2-M4XD-9FTH"])]


class RedeemedSeen(Seen):
    admission_id: UUID
    organisation_id: UUID


class LetInSeen(Seen):
    person_id: UUID


class StandingSeen(Seen):
    """Where one referral stands since when, and who owes the next step; neither what it is nor to whom."""

    code: str
    stage: Stage
    ball: Ball
    changed_at: Instant
    answer_by: Instant | None


class StatusSeen(Seen):
    """`until` is when a card shows no more; null to the person who is signed in."""

    items: list[StandingSeen]
    until: Instant | None


@of_one.post("", status_code=201, openapi_extra=for_roles(*_TEAM, refuses=[ProtectedIdentity]))
async def make(
    person_id: UUID, body: AdmissionGiven, tx: Tx, keys: Keys, response: Response
) -> AdmissionMade:
    """Give a person a code: for a printed card that shows status alone, or to tie her e-ID to her at once.

    The code is shown this once.  One of the same kind that she had before ends, with its session.
    """
    code, admission = await commands.make(tx, person_id, body.kind, keys.keyring)
    response.headers["Location"] = f"/persons/{person_id}/admissions"
    return AdmissionMade(code=code, **dict(AdmissionSeen.model_validate(admission)))


@of_one.get("", openapi_extra=THOSE_WITH_HER)
async def admissions(person_id: UUID, tx: Tx, after: After = None, limit: Limit = 50) -> Page[AdmissionSeen]:
    """A person's ways in, newest first; never a code."""
    part = Slice(after, limit)
    found = await queries.of_person(tx, person_id, part)
    return page([AdmissionSeen.model_validate(one) for one in found], part)


@of_one.post("/{admission_id}/revocation", openapi_extra=THOSE_WITH_HER)
async def take_back(person_id: UUID, admission_id: UUID, _: Nothing, tx: Tx) -> AdmissionSeen:
    """Take a way in back: the code, whoever is signed in by it, and her tokens, at once."""
    return AdmissionSeen.model_validate(await commands.take_back(tx, person_id, admission_id))


@own.get("/admissions", openapi_extra=HERSELF)
async def own_admissions(tx: Tx, after: After = None, limit: Limit = 50) -> Page[AdmissionSeen]:
    """Your own ways in, newest first."""
    part = Slice(after, limit)
    return page([AdmissionSeen.model_validate(one) for one in await queries.own(tx, part)], part)


@own.post("/admissions/{admission_id}/revocation", openapi_extra=HERSELF)
async def take_own_back(admission_id: UUID, _: Nothing, tx: Tx) -> AdmissionSeen:
    """Take a way in of yours back; your caseworker can give you another."""
    return AdmissionSeen.model_validate(await commands.take_own_back(tx, admission_id))


@own.get("/status", openapi_extra=HERSELF | FOR_CARDS)
async def status(tx: Tx) -> StatusSeen:
    """Where your referrals stand and who owes the next step; all that a printed card shows."""
    found = await queries.status(tx)
    return StatusSeen(items=[_shown(one) for one in found.referrals], until=found.until)


def _shown(one: Standing) -> StandingSeen:
    stage, ball = STATUS[one.state]
    return StandingSeen(
        code=one.code, stage=stage, ball=ball, changed_at=one.changed_at, answer_by=one.answer_by
    )


@router.post("/redemption", openapi_extra=for_roles(Role.SERVICE, refuses=[CodeOver]))
async def redeem(body: CodeGiven, tx: Tx, keys: Keys) -> RedeemedSeen:
    """Use a code, for the service that keeps sessions; whose it is stays here."""
    used = await commands.redeem(tx, body.kind, body.code, keys.keyring)
    return RedeemedSeen(admission_id=used.id, organisation_id=used.organisation_id)


@router.get("/{admission_id}", openapi_extra=SERVICES)
async def let_in(admission_id: UUID, organisation_id: UUID, tx: Tx) -> LetInSeen:
    """Whom an e-ID lets in now; asked for every access token, so that what is taken back ends at once."""
    return LetInSeen(person_id=await queries.whose(tx, admission_id, organisation_id))
