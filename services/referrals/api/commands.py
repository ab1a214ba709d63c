"""The commands of a referral's life, one route each, and the change of a draft."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, model_validator

from shared.actor import ActorKind
from shared.errors import Invalid
from shared.events.referrals import DeclineReason, RecallReason
from shared.http import Body, Nothing, Route, Tx

from ..commands import drafting, receiving, sending
from ..commands.drafting import Changes
from ..domain.refusals import (
    ConditionsNotAccepted,
    NeedBusy,
    PledgeMissing,
    ReceiverClosed,
    ReceiverFull,
    StepNotReady,
)
from ..domain.timeline import Decline
from ..domain.transitions import Command, roles_of
from .referrals import Items, ReferralSeen, as_answered
from .shapes import GATE, LIVE, Aim, Keys, Words, for_command

router = APIRouter(route_class=Route, prefix="/referrals/{referral_id}", tags=["commands"])


class ReferralChange(Body):
    """What is left out or null stays as it is."""

    offering_id: UUID | None = None
    team_id: UUID | None = None
    items: Items | None = None
    message: Words | None = None


class SendGiven(Body):
    """For so many seconds the sending can be undone; to a receiver that is full only when confirmed."""

    undo_s: Annotated[int, Field(ge=0, le=60)] = 0
    although_full: bool = False


class OpenGiven(Body):
    conditions_accepted: bool
    pledge_version: int


class AcceptGiven(Body):
    staff_id: UUID
    first_contact_by: date


class DeclineGiven(Body):
    """With `no_capacity` say how many places are left, and the directory says so from then on."""

    reason: DeclineReason
    sentence: Words
    text: Words | None = None
    offering_id: UUID | None = None
    places_left: Annotated[int, Field(ge=0, le=100_000)] | None = None

    @model_validator(mode="after")
    def _say_what_is_other(self) -> DeclineGiven:
        if self.reason is DeclineReason.OTHER and self.text is None:
            raise ValueError("the reason other needs a text")
        return self

    @model_validator(mode="after")
    def _say_places_of_room_alone(self) -> DeclineGiven:
        if self.places_left is not None and self.reason is not DeclineReason.NO_CAPACITY:
            raise ValueError("places_left says something of no_capacity alone")
        return self


class RecallGiven(Body):
    """A person owes no reason."""

    reason: RecallReason | None = None


@router.patch("", openapi_extra=for_command(roles_of(Command.DRAFT), NeedBusy, StepNotReady, ReceiverClosed))
async def change(target: Aim, body: ReferralChange, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Change a draft."""
    items = None if body.items is None else tuple(item.item() for item in body.items)
    changes = Changes(offering_id=body.offering_id, team_id=body.team_id, items=items, message=body.message)
    referral = await drafting.change(tx, target, changes, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/discard", openapi_extra=for_command(roles_of(Command.DISCARD)))
async def discard(target: Aim, _: Nothing, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Throw a draft away."""
    referral = await drafting.discard(tx, target, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post(
    "/send",
    openapi_extra=for_command(roles_of(Command.SEND), *GATE, NeedBusy, StepNotReady, ReceiverFull),
)
async def send(target: Aim, body: SendGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Send through the gate, at once or after `undo_s` seconds."""
    referral = await sending.send(tx, target, undo_s=body.undo_s, although_full=body.although_full, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/undo", openapi_extra=for_command(roles_of(Command.UNDO)))
async def undo(target: Aim, _: Nothing, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Take a queued referral back to draft."""
    referral = await sending.undo(tx, target, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post(
    "/open", openapi_extra=for_command(roles_of(Command.OPEN), *LIVE, PledgeMissing, ConditionsNotAccepted)
)
async def open_referral(target: Aim, body: OpenGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Open what was released; from now on your team may read it."""
    opening = receiving.Opening(
        conditions_accepted=body.conditions_accepted, pledge_version=body.pledge_version
    )
    referral = await receiving.open_referral(tx, target, opening, keys)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/accept", openapi_extra=for_command(roles_of(Command.ACCEPT), *LIVE))
async def accept(target: Aim, body: AcceptGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Take the person on."""
    referral = await receiving.accept(
        tx, target, staff_id=body.staff_id, first_contact_by=body.first_contact_by, keys=keys
    )
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/decline", openapi_extra=for_command(roles_of(Command.DECLINE), ReceiverClosed))
async def decline(target: Aim, body: DeclineGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Say that you cannot take the person on, and why."""
    said = Decline(**body.model_dump(exclude={"places_left"}))
    referral = await receiving.decline(tx, target, said, keys, places_left=body.places_left)
    return as_answered(referral, by=tx.actor, response=response)


@router.post("/recall", openapi_extra=for_command(roles_of(Command.RECALL)))
async def recall(target: Aim, body: RecallGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Take a referral back from a receiver that has not taken the person on."""
    if body.reason is None and tx.actor.kind is not ActorKind.PERSON:
        raise Invalid(errors=[{"field": "reason", "message": "is needed"}])
    referral = await sending.recall(tx, target, reason=body.reason, keys=keys)
    return as_answered(referral, by=tx.actor, response=response)
