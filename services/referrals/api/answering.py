"""What passes between the two sides until there is an answer, one route for each command."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response

from shared.errors import RateLimited
from shared.http import Body, Nothing, Route, Tx

from ..commands import answering
from ..domain.refusals import ReceiverClosed
from ..domain.transitions import Command, roles_of
from .referrals import Items, ReferralSeen, as_answered
from .shapes import GATE, Aim, Keys, Words, for_command

router = APIRouter(route_class=Route, prefix="/referrals/{referral_id}", tags=["commands"])


class AskGiven(Body):
    question: Words


class AnswerGiven(Body):
    """Items take the place of what was given before; each must be released by the person."""

    text: Words
    items: Items = ()


class WaitlistGiven(Body):
    """The day on which you look again, at most 90 days ahead."""

    review_on: date


class ForwardGiven(Body):
    """A better offering, and a sentence about it to the person."""

    offering_id: UUID
    sentence: Words


@router.post("/ask", openapi_extra=for_command(roles_of(Command.ASK)))
async def ask(target: Aim, body: AskGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Ask the sender something; your own clock stands still until there is an answer."""
    referral = await answering.ask(tx, target, body.question, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/answer", openapi_extra=for_command(roles_of(Command.ANSWER), *GATE))
async def answer(target: Aim, body: AnswerGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Answer what the receiver asked."""
    said = answering.Answer(text=body.text, items=tuple(item.item() for item in body.items))
    referral = await answering.answer(tx, target, said, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/waitlist", openapi_extra=for_command(roles_of(Command.WAITLIST)))
async def waitlist(target: Aim, body: WaitlistGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Keep the person's place until there is room."""
    referral = await answering.waitlist(tx, target, review_on=body.review_on, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/forward", openapi_extra=for_command(roles_of(Command.FORWARD), ReceiverClosed))
async def forward(target: Aim, body: ForwardGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Point at a better offering; the sender gets an empty draft for it, and nothing is disclosed."""
    hint = answering.Hint(offering_id=body.offering_id, sentence=body.sentence)
    referral = await answering.forward(tx, target, hint, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/remind", openapi_extra=for_command(roles_of(Command.REMIND), RateLimited))
async def remind(target: Aim, _: Nothing, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Ask for the answer, at most once in two working days."""
    referral = await answering.remind(tx, target, keys)
    return as_answered(referral, by=tx.actor, response=response)
