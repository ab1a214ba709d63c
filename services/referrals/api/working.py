"""What the two sides do once the person is taken on, one route for each command."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AwareDatetime

from shared.events.referrals import Contact, DeclineReason, Outcome
from shared.http import Body, Nothing, Route, Tx

from ..commands import working
from ..domain.refusals import NeedBusy
from ..domain.transitions import Command, roles_of
from .referrals import ReferralSeen, as_answered
from .shapes import LIVE, Aim, Keys, Words, for_command

router = APIRouter(route_class=Route, prefix="/referrals/{referral_id}", tags=["commands"])


class StartGiven(Body):
    """When you met, and in which way."""

    at: AwareDatetime
    way: Words


class ContactGiven(Body):
    """What came of it, and when; what is booked lies ahead."""

    kind: Contact
    at: AwareDatetime


class PauseGiven(Body):
    reason: Words
    resume_on: date


class CompleteGiven(Body):
    """What it led to, and a sentence to the person."""

    outcome: Outcome
    sentence: Words


class EndGiven(Body):
    """Why, by a code of the declines, and a sentence to the other side."""

    reason: DeclineReason
    sentence: Words


class ReasonGiven(Body):
    reason: Words


class ReassignGiven(Body):
    staff_id: UUID


@router.post("/start", openapi_extra=for_command(roles_of(Command.START)))
async def start(target: Aim, body: StartGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Say that you have met; from now on you are accountable for the need."""
    referral = await working.start(tx, target, met_at=body.at, way=body.way, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/note_contact", openapi_extra=for_command(roles_of(Command.NOTE_CONTACT)))
async def note_contact(
    target: Aim, body: ContactGiven, tx: Tx, keys: Keys, response: Response
) -> ReferralSeen:
    """Note that somebody tried to reach the person."""
    referral = await working.note_contact(tx, target, kind=body.kind, when=body.at, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/pause", openapi_extra=for_command(roles_of(Command.PAUSE)))
async def pause(target: Aim, body: PauseGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Let it rest until a day; you stay accountable."""
    referral = await working.pause(tx, target, reason=body.reason, resume_on=body.resume_on, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/resume", openapi_extra=for_command(roles_of(Command.RESUME), *LIVE))
async def resume(target: Aim, _: Nothing, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Go on with what rested."""
    referral = await working.resume(tx, target, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/complete", openapi_extra=for_command(roles_of(Command.COMPLETE)))
async def complete(target: Aim, body: CompleteGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Say that it is done."""
    referral = await working.complete(tx, target, outcome=body.outcome, sentence=body.sentence, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/end", openapi_extra=for_command(roles_of(Command.END)))
async def end(target: Aim, body: EndGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """End it before it is done."""
    referral = await working.end(tx, target, reason=body.reason, sentence=body.sentence, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/reopen", openapi_extra=for_command(roles_of(Command.REOPEN), *LIVE, NeedBusy))
async def reopen(target: Aim, body: ReasonGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Take your own end back, within 14 days."""
    referral = await working.reopen(tx, target, reason=body.reason, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/mark_error", openapi_extra=for_command(roles_of(Command.MARK_ERROR)))
async def mark_error(target: Aim, body: ReasonGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Say that it should never have been made; what was disclosed is locked."""
    referral = await working.mark_error(tx, target, reason=body.reason, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/reassign", openapi_extra=for_command(roles_of(Command.REASSIGN)))
async def reassign(target: Aim, body: ReassignGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Give it to a colleague of the same team."""
    referral = await working.reassign(tx, target, staff_id=body.staff_id, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)
