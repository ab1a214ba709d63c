"""Steps are planned on a path, by hand or from a template, and become ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.base import Area, NeedCode, Role, Theme
from shared.ids import new_id
from shared.vault import Keys

from ..domain import needs as rules
from ..domain.needs import Need
from ..domain.own_noes import demand_wanted
from ..domain.path import Path
from ..domain.person import must_know
from ..domain.steps import PathStep, Plan, Wait
from ..domain.templates import Template
from ..store import paths
from ..store import steps as store


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """What is planned of a step."""

    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area | None
    after: tuple[Wait, ...]


async def plan(tx: Transaction, said: NewStep, keys: Keys) -> tuple[PathStep, Plan]:
    """Put a step last on a path of one's own team; the plan with it is given too."""
    path = await paths.load_path(tx.sql, said.path_id, actor=tx.actor, keys=keys)
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    must_know(tx.actor, path.team_id)
    at = await tx.lock(path.id)
    before = await store.plan(tx.sql, path.id)
    step = PathStep(
        id=new_id(),
        organisation_id=path.organisation_id,
        team_id=path.team_id,
        path_id=path.id,
        nth=len(before.steps) + 1,
        code=said.code,
        theme=said.theme,
        area=said.area,
        after=said.after,
        created_at=at,
    )
    after = before.with_step(step)
    await store.add(tx.sql, [step])
    await tx.tell(step.planned())
    await tell_ready(tx, before, after)
    return step, after


async def copy(tx: Transaction, template: Template, path: Path, at: datetime) -> None:
    """Put a template's steps on a new path."""
    steps = template.copied(path, at, new_id)
    await store.add(tx.sql, steps)
    for step in steps:
        await tx.tell(step.planned())


async def follow(tx: Transaction, before: Plan | None, need: Need) -> None:
    """Tell which steps a turn of the need has made ready; `before` is the plan before it."""
    if before is not None and need.step_id is not None:
        await tell_ready(tx, before, before.with_need(need.step_id, need))


async def plan_around(tx: Transaction, need: Need) -> Plan | None:
    """The plan that the need's step is part of, if it has one."""
    return await store.plan(tx.sql, need.path_id) if need.step_id else None


async def demand_referable(tx: Transaction, need: Need) -> None:
    """Raise `IllegalForNeed` for what is set aside or done with, `PersonSaidNo`, or `StepNotReady`."""
    rules.demand_referable(need.state)
    demand_wanted(need.said_no_at)
    if need.step_id is not None:
        (await store.plan(tx.sql, need.path_id)).demand_ready(need.step_id)


async def tell_ready(tx: Transaction, before: Plan, after: Plan) -> None:
    """Tell which steps have come to be ready."""
    for step in after.newly_ready(before):
        await tx.tell(step.ready())
