"""The person says no to a part of her path, without a reason or a version, and takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id

from ..domain.own_noes import Part
from ..domain.person import must_be_person
from ..domain.steps import Plan
from ..store import needs
from ..store import own_noes as store
from ..store import steps as plans
from . import offer_begin
from .ending import let_go
from .steps import tell_ready


@dataclass(frozen=True, slots=True, kw_only=True)
class _Met:
    """A part of her path, in its plan, at an instant under the path's lock."""

    part: Part
    plan: Plan
    at: datetime


async def say_no_to_step(tx: Transaction, step_id: UUID) -> None:
    """Not want a step; to say so again is nothing new."""
    await _say_no(tx, await _step(tx, step_id))


async def say_no_to_need(tx: Transaction, need_id: UUID) -> None:
    """Not want what is offered for a need; of a step's need it is a no to the step."""
    await _say_no(tx, await _need(tx, need_id))


async def take_back_of_step(tx: Transaction, step_id: UUID) -> None:
    """Want a step again; what her no has ended stays ended."""
    await _take_back(tx, await _step(tx, step_id))


async def take_back_of_need(tx: Transaction, need_id: UUID) -> None:
    """Want help with a need again; what her no has ended stays ended."""
    await _take_back(tx, await _need(tx, need_id))


async def _say_no(tx: Transaction, met: _Met) -> None:
    if met.part.said_no_at is not None:
        return
    no, event = met.part.say_no(met.at, no_id=new_id())
    await store.add(tx.sql, no)
    await tx.tell(event)
    if no.step_id is not None:
        await tell_ready(tx, met.plan, met.plan.with_no(no.step_id, met.at))
    if met.part.need is not None and met.part.need.open_referral_id is not None:
        await let_go(tx, met.part.need.open_referral_id, met.at)
    if met.part.need is not None and met.part.need.open_offer_id is not None:
        await offer_begin.let_go(tx, met.part.need.open_offer_id, met.at)


async def _take_back(tx: Transaction, met: _Met) -> None:
    if met.part.said_no_at is not None:
        await store.take_back(tx.sql, met.part, met.at)
        await tx.tell(met.part.take_no_back())


async def _step(tx: Transaction, step_id: UUID) -> _Met:
    must_be_person(tx.actor)
    path_id = await store.path_of_step(tx.sql, step_id, tx.actor.id)
    at = await tx.lock(path_id)
    plan = await plans.plan(tx.sql, path_id)
    step = plan.step(step_id)
    need = await needs.load(tx.sql, step.need.id, actor=tx.actor) if step.need else None
    home = {"organisation_id": step.organisation_id, "team_id": step.team_id, "path_id": path_id}
    return _Met(part=Part(**home, step=step, need=need), plan=plan, at=at)


async def _need(tx: Transaction, need_id: UUID) -> _Met:
    must_be_person(tx.actor)
    path_id = await store.path_of_need(tx.sql, need_id, tx.actor.id)
    at = await tx.lock(path_id)
    need = await needs.load(tx.sql, need_id, actor=tx.actor)
    plan = await plans.plan(tx.sql, path_id)
    step = plan.step(need.step_id) if need.step_id else None
    home = {"organisation_id": need.home_organisation_id, "team_id": need.team_id, "path_id": path_id}
    return _Met(part=Part(**home, step=step, need=need), plan=plan, at=at)
