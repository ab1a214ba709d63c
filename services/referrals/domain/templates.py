"""Templates of value chains (värdekedjor), copied onto one person's path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import NeedCode, Theme

from .path import Path
from .steps import Awaited, PathStep, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStep:
    """One step; `after` is what must have become of earlier steps, by their keys."""

    key: str
    code: NeedCode
    theme: Theme
    names: Mapping[str, str]
    after: Mapping[str, Awaited]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of a chain; what was copied from it stays as it was copied."""

    id: UUID
    version: int
    names: Mapping[str, str]
    steps: tuple[TemplateStep, ...]

    def copied(self, path: Path, at: datetime, new_id: Callable[[], UUID]) -> list[PathStep]:
        """The steps of a new path, in the template's order."""
        ids = {step.key: new_id() for step in self.steps}
        return [
            PathStep(
                id=ids[step.key],
                organisation_id=path.organisation_id,
                team_id=path.team_id,
                path_id=path.id,
                nth=nth,
                code=step.code,
                theme=step.theme,
                after=tuple(Wait(step_id=ids[key], outcome=outcome) for key, outcome in step.after.items()),
                names=step.names,
                template_id=self.id,
                template_version=self.version,
                created_at=at,
            )
            for nth, step in enumerate(self.steps, start=1)
        ]
