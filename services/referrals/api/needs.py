"""Needs: stated, listed and read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from shared.actor import Actor
from shared.events.base import Area, NeedCode, Role, Theme, Urgency
from shared.events.paths import Closing
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import needs as commands
from ..commands.needs import NewNeed
from ..domain.need_transitions import NeedCommand, NeedSide, NeedState, allowed, roles_of
from ..domain.needs import Need, Turn
from ..domain.refusals import HomeRests, StepBegun, StepNotReady
from ..queries import needs as queries
from ..store.rows import Slice
from .shapes import Keys, Seen, for_command, page

router = APIRouter(route_class=Route, prefix="/needs", tags=["needs"])

READERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON)


class NeedGiven(Body):
    """With `step_id` it is the need of a step of the path, which may still wait for others."""

    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    step_id: UUID | None = None


class NeedSeen(Seen):
    """`allowed` is what you may do with it now; `said_no_at` is when the person said a no that stands."""

    id: UUID
    version: int
    state: NeedState
    allowed: list[NeedCommand]
    path_id: UUID
    step_id: UUID | None
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    home_organisation_id: UUID
    accountable_organisation_id: UUID
    open_referral_id: UUID | None
    open_offer_id: UUID | None
    said_no_at: Instant | None
    parked_until: date | None
    closed_as: Closing | None
    created_at: Instant


class TurnSeen(Seen):
    """One turn; `words` is the sentence of a closing or the reason of a reopening."""

    at: Instant
    command: NeedCommand
    by_organisation_id: UUID | None
    by_side: NeedSide
    state: NeedState
    words: str | None


def as_seen(need: Need, *, by: Actor) -> NeedSeen:
    """The need as its caller meets it."""
    named: dict[str, Any] = {name: getattr(need, name) for name in NeedSeen.model_fields if name != "allowed"}
    return NeedSeen(**named, allowed=allowed(need.state, need.sides_of(by)))


def as_answered(need: Need, *, by: Actor, response: Response) -> NeedSeen:
    """The whole need with its version, which is every command's answer."""
    versioned(response, need.version)
    return as_seen(need, by=by)


@router.post(
    "",
    status_code=201,
    openapi_extra=for_command(roles_of(NeedCommand.STATE), HomeRests, StepBegun, StepNotReady),
)
async def state_need(body: NeedGiven, tx: Tx, keys: Keys, response: Response) -> NeedSeen:
    """Write a need down; your organisation is its home."""
    need = await commands.state(tx, NewNeed(**body.model_dump()), keys)
    created(response, f"/needs/{need.id}", need.version)
    return as_seen(need, by=tx.actor)


@router.get("", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD))
async def needs(
    tx: Tx,
    path_id: UUID | None = None,
    state: Annotated[list[NeedState] | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[NeedSeen]:
    """The needs of your team's persons, newest first."""
    part = Slice(after, limit)
    found = await queries.listed(tx, part, path_id=path_id, states=state)
    return page([as_seen(need, by=tx.actor) for need in found], part)


@router.get("/{need_id}", openapi_extra=READERS)
async def need(need_id: UUID, tx: Tx, response: Response) -> NeedSeen:
    """One need of your team's persons."""
    return as_answered(await queries.need(tx, need_id), by=tx.actor, response=response)


@router.get("/{need_id}/timeline", openapi_extra=READERS)
async def timeline(
    need_id: UUID,
    tx: Tx,
    keys: Keys,
    after: Annotated[int, Query(ge=0, description="The version after which to begin.")] = 0,
    limit: Limit = 50,
) -> Page[TurnSeen]:
    """What happened to a need, turn by turn, oldest first."""
    found = await queries.timeline(tx, need_id, keys, (after, limit))
    following = str(found[-1].turn.version) if len(found) == limit else None
    items = [TurnSeen.model_validate({**_fields(said.turn), "words": said.words}) for said in found]
    return Page(items=items, next=following)


def _fields(turn: Turn) -> dict[str, Any]:
    return {name: getattr(turn, name) for name in TurnSeen.model_fields if name != "words"}
