"""A locked person: two named staff of her home see her, and nobody else (R-49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import JsonValue

from shared.actor import Actor
from shared.errors import Invalid, NotYourSide, VersionStale
from shared.events.base import Role

from .person import must_know
from .refusals import AlreadyLocked, NotLocked

LOCKERS = (Role.CASEWORKER, Role.TEAM_LEAD, Role.ORGANISATION_ADMIN)
"""Who may lock a person of the organisation; caseworkers and leads only one of their own team."""

KEEPERS = (Role.CASEWORKER, Role.TEAM_LEAD)
"""The roles of which the two must have one, or nothing would answer them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A team that was given something of hers, and may have to be phoned."""

    organisation_id: UUID
    team_id: UUID
    was_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """One lock of one person; `version` is hers."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    staff_ids: tuple[UUID, ...]
    locked_at: datetime
    locked_by: UUID
    version: int
    unlocked_at: datetime | None = None
    unlocked_by: UUID | None = None
    holders: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockable:
    """A person as whoever would lock or unlock her meets her; `standing` is the lock that she is under."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    version: int
    standing: Protection | None = None

    def permit_lock(self, actor: Actor, seen: int | None) -> None:
        """Raise `RoleMissing`, `NotYourSide`, `VersionStale`, or `AlreadyLocked` to one of the two."""
        actor.must_be(*LOCKERS)
        if not actor.has(Role.ORGANISATION_ADMIN):
            must_know(actor, self.team_id)
        self._demand_current(seen)
        if self.standing is not None:
            raise AlreadyLocked

    def permit_unlock(self, actor: Actor, seen: int | None) -> Protection:
        """The lock to take off; raises as `permit_lock`, and `NotLocked`."""
        actor.must_be(*KEEPERS)
        if self.standing is not None and actor.id not in self.standing.staff_ids:
            raise NotYourSide
        self._demand_current(seen)
        if self.standing is None:
            raise NotLocked
        return self.standing

    def moved(self) -> Self:
        return replace(self, version=self.version + 1)

    def _demand_current(self, seen: int | None) -> None:
        if seen is not None and seen != self.version:
            raise VersionStale(changed=[{"version": self.version}])


def demand_keepers(named: Sequence[UUID], fit: frozenset[UUID]) -> None:
    """Raise `Invalid` for who is unknown, foreign, gone, or without a role that meets persons: all alike."""
    errors: list[JsonValue] = [
        {"field": f"staff_ids.{nth}", "message": "is no active caseworker or team lead of your organisation"}
        for nth, one in enumerate(named)
        if one not in fit
    ]
    if errors:
        raise Invalid(errors=errors)
