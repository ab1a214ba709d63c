"""The commands of a need's life, one route each."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from shared.events.paths import Closing
from shared.http import Body, IfMatch, Nothing, Route, Tx

from ..commands import needs as commands
from ..commands import transfers
from ..commands.begin import Target
from ..domain.need_transitions import NeedCommand, roles_of
from ..domain.refusals import AlreadyOffered, HomeRests, NeedBusy, ProtectedIdentity, ReceiverClosed
from .needs import NeedSeen, as_answered
from .shapes import Keys, Words, for_command

router = APIRouter(route_class=Route, prefix="/needs/{need_id}", tags=["needs"])


class ParkGiven(Body):
    """`until` is a Swedish date that lies ahead; on its morning the need is open again."""

    until: date


class CloseGiven(Body):
    """The sentence is meant for the person."""

    how: Annotated[Closing, Field(alias="as")]
    sentence: Words


class ReopenGiven(Body):
    reason: Words


class TransferGiven(Body):
    organisation_id: UUID


async def _target(need_id: UUID, version: IfMatch) -> Target:
    return Target(id=need_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The need that a command is for, at the version that its giver saw."""


@router.post("/park", openapi_extra=for_command(roles_of(NeedCommand.PARK), NeedBusy))
async def park(target: Aim, body: ParkGiven, tx: Tx, response: Response) -> NeedSeen:
    """Set a need aside until a day."""
    need = await commands.park(tx, target, until=body.until)
    return as_answered(need, by=tx.actor, response=response)


@router.post("/unpark", openapi_extra=for_command(roles_of(NeedCommand.UNPARK)))
async def unpark(target: Aim, _: Nothing, tx: Tx, response: Response) -> NeedSeen:
    """Take a parked need up again before its day."""
    need = await commands.unpark(tx, target)
    return as_answered(need, by=tx.actor, response=response)


@router.post("/close", openapi_extra=for_command(roles_of(NeedCommand.CLOSE), NeedBusy))
async def close(target: Aim, body: CloseGiven, tx: Tx, keys: Keys, response: Response) -> NeedSeen:
    """Be done with a need, whether it was met or not."""
    need = await commands.close(tx, target, how=body.how, sentence=body.sentence, keys=keys)
    return as_answered(need, by=tx.actor, response=response)


@router.post("/reopen", openapi_extra=for_command(roles_of(NeedCommand.REOPEN), HomeRests))
async def reopen(target: Aim, body: ReopenGiven, tx: Tx, keys: Keys, response: Response) -> NeedSeen:
    """Take up again a need that was answered or closed."""
    need = await commands.reopen(tx, target, reason=body.reason, keys=keys)
    return as_answered(need, by=tx.actor, response=response)


@router.post(
    "/transfer",
    openapi_extra=for_command(
        roles_of(NeedCommand.TRANSFER), AlreadyOffered, NeedBusy, ProtectedIdentity, ReceiverClosed
    ),
)
async def transfer(target: Aim, body: TransferGiven, tx: Tx, response: Response) -> NeedSeen:
    """Ask another organisation to be the need's home; until it says yes, yours stays so."""
    need = await transfers.offer(tx, target, organisation_id=body.organisation_id)
    return as_answered(need, by=tx.actor, response=response)
