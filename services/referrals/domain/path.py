"""A person's path and the needs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Area, NeedCode, Theme, Urgency
from shared.events.paths import NeedStated, PathOpened


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The person's own way, with a goal in her own words."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    person_id: UUID
    goal: str
    version: int
    created_at: datetime

    def opened(self) -> PathOpened:
        return PathOpened(path_id=self.id, organisation_id=self.organisation_id)


class NeedState(StrEnum):
    """Whether a need waits to be met."""

    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that must be solved on the path; its home wrote it down."""

    id: UUID
    home_organisation_id: UUID
    team_id: UUID
    path_id: UUID
    person_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    state: NeedState
    open_referral_id: UUID | None
    version: int
    created_at: datetime

    @property
    def accountable_organisation_id(self) -> UUID:
        """Who answers for the need now: its home, until a receiver has begun (domain: accountable)."""
        return self.home_organisation_id

    def stated(self) -> NeedStated:
        return NeedStated(
            path_id=self.path_id,
            need_id=self.id,
            organisation_id=self.home_organisation_id,
            code=self.code,
            theme=self.theme,
            area=self.area,
            urgency=self.urgency,
        )
