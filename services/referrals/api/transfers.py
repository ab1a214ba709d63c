"""Transfers of needs: listed and read, taken, refused, recalled."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from shared.actor import Actor
from shared.http import After, Body, IfMatch, Instant, Limit, Nothing, Page, Route, Tx, for_roles, versioned

from ..commands import transfers as commands
from ..commands.begin import Target
from ..domain.refusals import HomeRests, NeedBusy
from ..domain.transfers import ROLES, Transfer, TransferCommand, TransferState
from ..queries import transfers as queries
from ..queries.referrals import Box
from ..store.rows import Slice
from .shapes import LIVE, Keys, Seen, for_command, page

router = APIRouter(route_class=Route, prefix="/transfers", tags=["transfers"])
of_one = APIRouter(route_class=Route, prefix="/transfers/{transfer_id}", tags=["transfers"])

HOMES = for_roles(*ROLES)


class TakeGiven(Body):
    """The path of your own on which the need is written down."""

    path_id: UUID


class TransferSeen(Seen):
    """An offer of a need; nothing of the person is in it.

    `taken_need_id` is the need at its new home, and is shown there alone; `allowed` is what you may do now.
    """

    id: UUID
    version: int
    state: TransferState
    allowed: list[TransferCommand]
    need_id: UUID
    path_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    taken_need_id: UUID | None
    offered_at: Instant
    decided_at: Instant | None


async def _target(transfer_id: UUID, version: IfMatch) -> Target:
    return Target(id=transfer_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The transfer that a command is for, at the version that its giver saw."""


def as_seen(transfer: Transfer, *, by: Actor) -> TransferSeen:
    """The transfer as its caller meets it."""
    names = TransferSeen.model_fields.keys() - {"allowed"}
    named: dict[str, Any] = {name: getattr(transfer, name) for name in names}
    return TransferSeen(**named, allowed=transfer.allowed(by))


def as_answered(transfer: Transfer, *, by: Actor, response: Response) -> TransferSeen:
    """The whole transfer with its version."""
    versioned(response, transfer.version)
    return as_seen(transfer, by=by)


@router.get("", openapi_extra=HOMES)
async def transfers(
    tx: Tx, box: Box | None = None, after: After = None, limit: Limit = 50
) -> Page[TransferSeen]:
    """What is offered to your organisation (`in`), by your team (`out`), or both, newest first."""
    part = Slice(after, limit)
    found = await queries.boxed(tx, part, box=box)
    return page([as_seen(transfer, by=tx.actor) for transfer in found], part)


@router.get("/{transfer_id}", openapi_extra=HOMES)
async def transfer(transfer_id: UUID, tx: Tx, response: Response) -> TransferSeen:
    """One offer of a need."""
    return as_answered(await queries.transfer(tx, transfer_id), by=tx.actor, response=response)


@of_one.post("/take", openapi_extra=for_command(ROLES, *LIVE, NeedBusy, HomeRests))
async def take(target: Aim, body: TakeGiven, tx: Tx, keys: Keys, response: Response) -> TransferSeen:
    """Become the need's home, with the person's release: it is written down on a path of your own."""
    taken = await commands.take(tx, target, body.path_id, keys)
    return as_answered(taken, by=tx.actor, response=response)


@of_one.post("/refuse", openapi_extra=for_command(ROLES))
async def refuse(target: Aim, _: Nothing, tx: Tx, response: Response) -> TransferSeen:
    """Say that your organisation will not be the need's home."""
    return as_answered(await commands.refuse(tx, target), by=tx.actor, response=response)


@of_one.post("/recall", openapi_extra=for_command(ROLES))
async def recall(target: Aim, _: Nothing, tx: Tx, response: Response) -> TransferSeen:
    """Take an offer of yours back."""
    return as_answered(await commands.recall(tx, target), by=tx.actor, response=response)
