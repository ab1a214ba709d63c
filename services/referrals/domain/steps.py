"""The steps of a path: in order or in branches, each waiting for what must come about before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import JsonValue

from shared.errors import Invalid, NotFound
from shared.events.base import Area, NeedCode, Theme
from shared.events.paths import Closing, StepPlanned, StepReady

from .need_transitions import NeedState
from .needs import Need
from .refusals import StepBegun, StepNotReady


class Awaited(StrEnum):
    """What must have become of an earlier step: done with in any way, or met."""

    ANY = "any"
    MET = "met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One condition of a step: what must have become of another."""

    step_id: UUID
    outcome: Awaited


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNeed:
    """The need that a step began as."""

    id: UUID
    state: NeedState
    closed_as: Closing | None

    def has_become(self, outcome: Awaited) -> bool:
        """Whether this has come about: answered counts as met until others have said otherwise."""
        if self.state is NeedState.CLOSED:
            return outcome is Awaited.ANY or self.closed_as is Closing.MET
        return self.state is NeedState.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One step: what it is to solve, what it waits for, and its need once it has begun.

    `names` are a template's own, by language; `said_no_at` is when the person said a no that stands.
    """

    id: UUID
    organisation_id: UUID
    team_id: UUID
    path_id: UUID
    nth: int
    code: NeedCode
    theme: Theme
    area: Area | None = None
    after: tuple[Wait, ...] = ()
    names: Mapping[str, str] | None = None
    template_id: UUID | None = None
    template_version: int | None = None
    need: StepNeed | None = None
    said_no_at: datetime | None = None
    version: int = 1
    created_at: datetime

    def planned(self) -> StepPlanned:
        return StepPlanned(
            path_id=self.path_id,
            step_id=self.id,
            organisation_id=self.organisation_id,
            code=self.code,
            after=tuple(wait.step_id for wait in self.after),
            template_version=self.template_version,
        )

    def ready(self) -> StepReady:
        return StepReady(
            path_id=self.path_id,
            step_id=self.id,
            organisation_id=self.organisation_id,
            team_id=self.team_id,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one path, by id, in the order in which they were planned."""

    steps: Mapping[UUID, PathStep] = field(default_factory=dict)

    @classmethod
    def of(cls, steps: Iterable[PathStep]) -> Self:
        return cls({step.id: step for step in steps})

    def step(self, step_id: UUID) -> PathStep:
        """The step; raises `NotFound`, alike for what does not exist and for another path's."""
        if step_id not in self.steps:
            raise NotFound
        return self.steps[step_id]

    def waits_for(self, step: PathStep) -> tuple[UUID, ...]:
        """The steps that it still waits for."""
        return tuple(wait.step_id for wait in step.after if not self._has_come_about(wait))

    def demand_ready(self, step_id: UUID) -> None:
        """Raise `StepNotReady`, naming the steps that it waits for."""
        if waits := self.waits_for(self.step(step_id)):
            named: list[JsonValue] = [str(one) for one in waits]
            raise StepNotReady(waits_for=named)

    def begin(self, step_id: UUID, code: NeedCode) -> None:
        """Raise unless a need of this code may be the step's: `NotFound`, `Invalid`, or `StepBegun`."""
        step = self.step(step_id)
        if step.code is not code:
            raise Invalid(errors=[{"field": "code", "message": f"is not the step's: {step.code}"}])
        if step.need is not None:
            raise StepBegun

    def with_step(self, step: PathStep) -> Self:
        """The plan with one step more; raises `NotFound` for a wait that is for no step of the path.

        A step can only wait for what was planned before it, so no two wait for each other.
        """
        for wait in step.after:
            self.step(wait.step_id)
        return replace(self, steps={**self.steps, step.id: step})

    def with_need(self, step_id: UUID, need: Need) -> Self:
        """The plan once the step's need is in this state."""
        found = StepNeed(id=need.id, state=need.state, closed_as=need.closed_as)
        return replace(self, steps={**self.steps, step_id: replace(self.step(step_id), need=found)})

    def with_no(self, step_id: UUID, at: datetime) -> Self:
        """The plan once the person has said no to the step."""
        return replace(self, steps={**self.steps, step_id: replace(self.step(step_id), said_no_at=at)})

    def newly_ready(self, before: Plan) -> list[PathStep]:
        """The steps for which all has come about now and had not before; what waits for nothing is none."""
        return [
            step
            for step in self.steps.values()
            if step.after and not self.waits_for(step) and not before._was_ready(step)
        ]

    def _was_ready(self, step: PathStep) -> bool:
        return step.id in self.steps and not self.waits_for(step)

    def _has_come_about(self, wait: Wait) -> bool:
        """Whether it is waited for no more; a step that she does not want holds up none that only follows."""
        step = self.step(wait.step_id)
        if step.said_no_at is not None and wait.outcome is Awaited.ANY:
            return True
        return step.need is not None and step.need.has_become(wait.outcome)
