"""What became of a step at each service that hears its stream.

The truth is a service's own position and parked list; hops only say when.  Of
a service that is away, the hops say as much as they know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Self
from uuid import UUID

from .report import Report

StepId = tuple[str, int]
"""A stream and a number in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that was told on a path."""

    event_id: UUID
    stream: str
    seq: int
    type: str
    told_at: datetime
    by_organisation_id: UUID | None

    @property
    def id(self) -> StepId:
        return self.stream, self.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class HopSeen:
    """What the hops say of one step at one service; ``at`` is when it was handled, not parked."""

    service: str
    step: StepId
    at: datetime | None
    parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a service has come in each stream it hears, and what it has set aside."""

    service: str
    positions: Mapping[str, int]
    parked: frozenset[StepId]

    @classmethod
    def by_report(cls, service: str, report: Report) -> Self:
        return cls(
            service=service,
            positions={
                stream: report.positions[stream].seq if stream in report.positions else 0
                for stream in report.hears
            },
            parked=frozenset((event.stream, event.seq) for event in report.parked),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A service has handled the step, or has parked it; ``at`` is unknown when its hop was lost."""

    service: str
    at: datetime | None
    parked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedStep:
    """A step with what became of it: ``waiting`` are those that hear it and have not handled it yet."""

    step: Step
    handled: tuple[Handled, ...]
    waiting: tuple[str, ...]


def standing_by_hops(service: str, reached: Mapping[str, int], hops: Iterable[HopSeen]) -> Standing:
    """The standing of a service that is away: ``reached`` are the last numbers its hops name."""
    parked = frozenset(hop.step for hop in hops if hop.service == service and hop.parked and hop.at is None)
    return Standing(service=service, positions=reached, parked=parked)


def traced(
    step: Step, standings: Iterable[Standing], hops: Mapping[tuple[str, StepId], HopSeen]
) -> TracedStep:
    """The step's fate at every service that hears its stream, by the services' names."""
    hearing = [each for each in standings if step.stream in each.positions]
    hearing.sort(key=attrgetter("service"))
    reached = [each for each in hearing if each.positions[step.stream] >= step.seq]
    handled = [_handled(step, each, hops.get((each.service, step.id))) for each in reached]
    waiting = [each.service for each in hearing if each not in reached]
    return TracedStep(step=step, handled=tuple(handled), waiting=tuple(waiting))


def _handled(step: Step, standing: Standing, hop: HopSeen | None) -> Handled:
    parked = step.id in standing.parked
    at = None if parked or hop is None else hop.at
    return Handled(service=standing.service, at=at, parked=parked)
