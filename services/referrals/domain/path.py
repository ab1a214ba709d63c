"""A person's path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.paths import PathOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The person's own way, with a goal in her own words, and who coordinates it."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    person_id: UUID
    goal: str
    coordinating_organisation_id: UUID
    version: int
    created_at: datetime

    def opened(self) -> PathOpened:
        return PathOpened(path_id=self.id, organisation_id=self.organisation_id)
