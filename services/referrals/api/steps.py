"""The steps of a path, planned and read, and the templates that they can be copied from."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field

from shared.events.base import Area, NeedCode, Role, Theme
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from .. import templates
from ..commands import steps as commands
from ..commands.steps import NewStep
from ..domain.steps import Awaited, PathStep, Plan, Wait
from ..domain.templates import Template
from ..queries import steps as queries
from ..store.rows import Slice
from .shapes import Keys, Seen, page

router = APIRouter(route_class=Route, prefix="/paths/{path_id}/steps", tags=["paths"])
catalogue = APIRouter(route_class=Route, prefix="/path-templates", tags=["paths"])

HOMES = for_roles(Role.CASEWORKER, Role.TEAM_LEAD)
READERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON)


class WaitGiven(Body):
    """`met`: the other step's need is answered or closed as met; `any`: answered, or closed as anything."""

    step_id: UUID
    outcome: Awaited


def _each_once(waits: tuple[WaitGiven, ...]) -> tuple[WaitGiven, ...]:
    if len({wait.step_id for wait in waits}) < len(waits):
        raise ValueError("each step may stand once")
    return waits


class StepGiven(Body):
    code: NeedCode
    theme: Theme
    area: Area | None = None
    after: Annotated[tuple[WaitGiven, ...], Field(max_length=20), AfterValidator(_each_once)] = ()


class WaitSeen(Seen):
    step_id: UUID
    outcome: Awaited


class StepSeen(Seen):
    """A step; `waits_for` are the steps that must come about first, and `ready` is that there are none.

    `names` are the template's, by language, for a step that was copied from one; `said_no_at` is when the
    person said a no that stands.
    """

    id: UUID
    version: int
    path_id: UUID
    code: NeedCode
    theme: Theme
    area: Area | None
    names: dict[str, str] | None
    after: list[WaitSeen]
    ready: bool
    waits_for: list[UUID]
    need_id: UUID | None
    said_no_at: Instant | None
    template_id: UUID | None
    template_version: int | None
    created_at: Instant


class TemplateStepSeen(Seen):
    """`after` names other steps by their keys."""

    key: str
    code: NeedCode
    theme: Theme
    names: dict[str, str]
    after: dict[str, Awaited]


class TemplateSeen(Seen):
    id: UUID
    version: int
    names: dict[str, str]
    steps: list[TemplateStepSeen]


def as_seen(step: PathStep, plan: Plan) -> StepSeen:
    """The step as it stands on its path."""
    waits = plan.waits_for(step)
    known = {"ready": not waits, "waits_for": list(waits), "need_id": step.need.id if step.need else None}
    named = {name: getattr(step, name) for name in StepSeen.model_fields.keys() - known.keys()}
    return StepSeen.model_validate({**named, **known})


@router.post("", status_code=201, openapi_extra=HOMES)
async def plan_step(path_id: UUID, body: StepGiven, tx: Tx, keys: Keys, response: Response) -> StepSeen:
    """Put a step last on a path; it may wait for steps that are there."""
    after = tuple(Wait(step_id=wait.step_id, outcome=wait.outcome) for wait in body.after)
    said = NewStep(path_id=path_id, code=body.code, theme=body.theme, area=body.area, after=after)
    step, plan = await commands.plan(tx, said, keys)
    created(response, f"/paths/{path_id}/steps/{step.id}", step.version)
    return as_seen(step, plan)


@router.get("", openapi_extra=READERS)
async def steps(path_id: UUID, tx: Tx, keys: Keys, after: After = None, limit: Limit = 50) -> Page[StepSeen]:
    """The steps of a path, in the order in which they were planned."""
    plan = await queries.plan(tx, path_id, keys)
    ids = list(plan.steps)
    begin = ids.index(plan.step(after).id) + 1 if after else 0
    shown = [as_seen(plan.steps[one], plan) for one in ids[begin : begin + limit]]
    return page(shown, Slice(after, limit))


@router.get("/{step_id}", openapi_extra=READERS)
async def step(path_id: UUID, step_id: UUID, tx: Tx, keys: Keys, response: Response) -> StepSeen:
    """One step of a path."""
    plan = await queries.plan(tx, path_id, keys)
    found = plan.step(step_id)
    versioned(response, found.version)
    return as_seen(found, plan)


@catalogue.get("", openapi_extra=HOMES)
async def path_templates(tx: Tx, after: After = None, limit: Limit = 50) -> Page[TemplateSeen]:
    """The chains that a path can begin with, each in its newest version."""
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    found = sorted(templates.catalogue().values(), key=lambda one: one.id)
    shown = [one for one in found if after is None or one.id > after][:limit]
    return page([_template_seen(one) for one in shown], Slice(after, limit))


def _template_seen(template: Template) -> TemplateSeen:
    return TemplateSeen.model_validate(template)
