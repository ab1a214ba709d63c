"""A need's life: stated, parked, closed and reopened by its home; answered by a referral of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pydantic import JsonValue

from shared.database import Transaction
from shared.errors import VersionStale
from shared.events.base import Area, NeedCode, Role, Theme, Urgency
from shared.events.paths import Closing, NeedEvent
from shared.ids import new_id
from shared.timers import Due, Timer, cancel_timers, set_timers
from shared.vault import Keys

from ..domain.need_transitions import NeedCommand, NeedSides, NeedState, permit
from ..domain.needs import CLOCK, EFFECT, Need, Turn
from ..domain.person import must_know
from ..store import directory, paths, transfers
from ..store import needs as store
from ..store import steps as plans
from . import steps
from .begin import Target

UNPARK = "need_unpark"
"""The timer that opens a parked need when its day begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNeed:
    """What is written down of a need."""

    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    step_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A locked need as this caller meets it, and the instant of the command."""

    need: Need
    by: NeedSides
    at: datetime


async def state(tx: Transaction, said: NewNeed, keys: Keys) -> Need:
    """Write a need down on a path; the caller's organisation is its home."""
    tx.actor.must_be(Role.CASEWORKER)
    path = await paths.load_path(tx.sql, said.path_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, path.team_id)
    at = await tx.lock(path.id)
    await directory.must_be_home(tx.sql, path.organisation_id)
    if said.step_id is not None:
        (await plans.plan(tx.sql, path.id)).begin(said.step_id, said.code)
    need, event = Need(
        id=new_id(),
        home_organisation_id=path.organisation_id,
        team_id=path.team_id,
        path_id=path.id,
        step_id=said.step_id,
        person_id=path.person_id,
        code=said.code,
        theme=said.theme,
        area=said.area,
        urgency=said.urgency,
        created_at=at,
    ).stated()
    await store.add(tx.sql, need)
    await tx.tell(event)
    return need


async def park(tx: Transaction, target: Target, *, until: date) -> Need:
    """Set a need aside until a Swedish date."""
    begun = await begin(tx, NeedCommand.PARK, target)
    return await keep(tx, *begun.need.park(begun.by, begun.at, until=until))


async def unpark(tx: Transaction, target: Target) -> Need:
    """Take a need up again before its day."""
    begun = await begin(tx, NeedCommand.UNPARK, target)
    return await keep(tx, *begun.need.unpark(begun.by, begun.at))


async def unpark_by_clock(tx: Transaction, due: Due) -> None:
    """Open a parked need on the morning of its day."""
    at = await tx.lock(due.subject)
    need = await store.load(tx.sql, due.owner, actor=tx.actor)
    if need.version == due.version:
        await keep(tx, *need.unpark(CLOCK, at))


async def close(tx: Transaction, target: Target, *, how: Closing, sentence: str, keys: Keys) -> Need:
    """Be done with a need, with a sentence to the person."""
    begun = await begin(tx, NeedCommand.CLOSE, target)
    closed = await keep(tx, *begun.need.close(begun.by, begun.at, how=how))
    await _take_the_offer_back(tx, closed, begun.at)
    await store.say(tx.sql, closed, sentence, keys)
    return closed


async def reopen(tx: Transaction, target: Target, *, reason: str, keys: Keys) -> Need:
    """Take up again what was answered or closed."""
    begun = await begin(tx, NeedCommand.REOPEN, target)
    await directory.must_be_home(tx.sql, begun.need.home_organisation_id)
    reopened = await keep(tx, *begun.need.reopen(begun.by, begun.at))
    await store.say(tx.sql, reopened, reason, keys)
    return reopened


async def answered(tx: Transaction, need_id: UUID, at: datetime) -> None:
    """Take note that a referral of the need was completed.

    For the referral's command: the path is locked and the tenant is the need's home.  A need that its home
    has closed meanwhile stays closed.
    """
    need = await store.load(tx.sql, need_id, actor=tx.actor)
    if need.state in {NeedState.OPEN, NeedState.PARKED}:
        await keep(tx, *need.answer(at))


async def reopened_by_referral(tx: Transaction, need_id: UUID, at: datetime) -> None:
    """Open an answered need again, because a completed referral of it was reopened.

    For the referral's command, as `answered`.  Raises `IllegalForNeed` for a need that its home has closed:
    the home reopens that first.
    """
    need = await store.load(tx.sql, need_id, actor=tx.actor)
    if need.state in {NeedState.ANSWERED, NeedState.CLOSED}:
        await keep(tx, *need.reopen(EFFECT, at))


async def _take_the_offer_back(tx: Transaction, need: Need, at: datetime) -> None:
    """What its home is done with is offered to nobody."""
    if pending := await transfers.pending(tx.sql, need.id):
        recalled, event = pending.recall(at)
        await transfers.save(tx.sql, recalled)
        await tx.tell(event)


async def begin(tx: Transaction, command: NeedCommand, target: Target) -> Begun:
    """Everything before the verb, in the order of the checks: 404, 403, 412."""
    at = await store.lock(tx, target.id)
    need = await store.load(tx.sql, target.id, actor=tx.actor)
    sides = need.sides_of(tx.actor)
    permit(command, sides, tx.actor.roles)
    if target.seen is not None and target.seen != need.version:
        changed = await store.turns(tx.sql, need.id, after=target.seen)
        raise VersionStale(changed=[_said(turn) for turn in changed])
    return Begun(need=need, by=sides, at=at)


async def keep(tx: Transaction, need: Need, event: NeedEvent) -> Need:
    """Save, tell, set the clock to the state, and tell which steps this has made ready."""
    plan = await steps.plan_around(tx, need)
    await store.save(tx.sql, need)
    await tx.tell(event)
    if need.unparks_at is None:
        await cancel_timers(tx, owner=need.id)
    else:
        timer = Timer(UNPARK, need.unparks_at, need.version)
        await set_timers(tx, owner=need.id, subject=need.path_id, timers=[timer])
    await steps.follow(tx, plan, need)
    return need


def _said(turn: Turn) -> dict[str, JsonValue]:
    return {
        "at": turn.at.isoformat().replace("+00:00", "Z"),
        "command": turn.command,
        "by_organisation_id": str(turn.by_organisation_id) if turn.by_organisation_id else None,
        "by_side": turn.by_side,
        "state": turn.state,
    }
