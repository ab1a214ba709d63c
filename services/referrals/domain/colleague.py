"""What we know of a member of staff by the directory's copy, and what may be asked of her."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from shared.errors import Invalid, NotFound

from .working_days import local_date

CURRENT_PLEDGE = 1
"""The version of the confidentiality pledge that a receiver must have signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """A member of staff; without a known organisation she is unknown, without a pledge its version is 0."""

    id: UUID
    organisation_id: UUID | None = None
    team_id: UUID | None = None
    active: bool = False
    pledge_version: int = 0

    def bound_by(self, version: int) -> Self:
        """The colleague by the pledge that she vouches for, which binds no further than what she signed."""
        return replace(self, pledge_version=min(version, self.pledge_version))


def demand_colleague(staff: Colleague, *, organisation_id: UUID, team_id: UUID) -> None:
    """Raise `NotFound` for who is unknown or foreign, `Invalid` for who does not work in the team."""
    if staff.organisation_id != organisation_id:
        raise NotFound
    if staff.team_id != team_id or not staff.active:
        raise Invalid(errors=[{"field": "staff_id", "message": "is not an active member of the team"}])


def demand_ahead(field: str, day: date, at: datetime) -> None:
    """Raise `Invalid` for a day that has passed, by the Swedish date."""
    if day < local_date(at):
        raise Invalid(errors=[{"field": field, "message": "has passed"}])


def demand_happened(when: datetime, at: datetime) -> None:
    """Raise `Invalid` for what is said to have happened and lies ahead."""
    if when > at:
        raise Invalid(errors=[{"field": "at", "message": "lies ahead"}])
