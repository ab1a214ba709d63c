"""The person's own no to a step of her path: nobody asks why, and nothing else depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.paths import StepRefused, StepWanted

from .need_transitions import NeedState, illegal
from .needs import Need
from .refusals import PersonSaidNo
from .steps import PathStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of her path: a step of it, the need that it began as, or a need that is no step's."""

    organisation_id: UUID
    team_id: UUID
    path_id: UUID
    step: PathStep | None
    need: Need | None

    @property
    def key(self) -> UUID | None:
        """What a no to it is about: the step, or the need that is no step's."""
        return self.step_id or (self.need.id if self.need else None)

    @property
    def step_id(self) -> UUID | None:
        return self.step.id if self.step else None

    @property
    def said_no_at(self) -> datetime | None:
        about = self.step or self.need
        return about.said_no_at if about else None

    def say_no(self, at: datetime, *, no_id: UUID) -> tuple[No, StepRefused]:
        """Not want it; raises `IllegalForNeed` for what is done with already."""
        if self.need is not None and self.need.state is NeedState.CLOSED:
            raise illegal(self.need.state, frozenset())
        no = No(
            id=no_id,
            organisation_id=self.organisation_id,
            path_id=self.path_id,
            step_id=self.step_id,
            need_id=None if self.step else self.key,
            said_at=at,
        )
        return no, StepRefused(**self._about())

    def take_no_back(self) -> StepWanted:
        return StepWanted(**self._about())

    def _about(self) -> dict[str, UUID | None]:
        return {
            "path_id": self.path_id,
            "step_id": self.step_id,
            "need_id": self.need.id if self.need else None,
            "organisation_id": self.organisation_id,
            "team_id": self.team_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class No:
    """That she said no, to a step or to a need that is no step's."""

    id: UUID
    organisation_id: UUID
    path_id: UUID
    step_id: UUID | None
    need_id: UUID | None
    said_at: datetime


def demand_wanted(said_no_at: datetime | None) -> None:
    """Raise `PersonSaidNo` while her no to the step stands."""
    if said_no_at is not None:
        raise PersonSaidNo(kind="step")
