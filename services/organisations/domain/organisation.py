"""An organisation of the network, and its teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import Invalid
from shared.events.organisations import (
    OrganisationChanged,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationStatus,
    TeamChanged,
    TeamOpened,
)

from . import rights

Changes = Mapping[str, Any]
"""Some fields of a thing with their new values, as a validated request names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One that takes part in the network."""

    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    version: int

    @classmethod
    def register(cls, *, id: UUID, name: str, kind: OrganisationKind) -> tuple[Self, OrganisationRegistered]:
        """Bring a new organisation in, active from the start."""
        new = cls(id=id, name=name, kind=kind, status=OrganisationStatus.ACTIVE, version=1)
        return new, OrganisationRegistered(organisation_id=id, kind=kind, status=new.status)

    def change(self, changes: Changes, *, by: Actor) -> tuple[Self, OrganisationChanged]:
        """Rename, pause, close or open again.

        The kind bounds what may travel here, so only the network alters it:
        raises ``RoleMissing`` for the organisation itself.
        """
        if changes.get("kind", self.kind) != self.kind:
            by.must_be(*rights.ONBOARDS)
        new = replace(self, version=self.version + 1, **changes)
        return new, OrganisationChanged(organisation_id=self.id, kind=new.kind, status=new.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """What referrals go to and come from; never a named person.

    When nobody of it is on duty, its fallback is reached: another team of the organisation.
    """

    id: UUID
    organisation_id: UUID
    name: str
    version: int
    fallback_team_id: UUID | None = None

    @classmethod
    def open(cls, *, id: UUID, organisation_id: UUID, name: str) -> tuple[Self, TeamOpened]:
        """Begin a team."""
        new = cls(id=id, organisation_id=organisation_id, name=name, version=1)
        return new, TeamOpened(organisation_id=organisation_id, team_id=id)

    def change(self, changes: Changes) -> tuple[Self, TeamChanged | None]:
        """Rename, or name another fallback; nobody else keeps a team's name, so of that nothing is told."""
        new = replace(self, version=self.version + 1, **changes)
        if new.fallback_team_id == self.id:
            message = "A team cannot stand in for itself."
            raise Invalid(errors=[{"field": "fallback_team_id", "message": message}])
        if new.fallback_team_id == self.fallback_team_id:
            return new, None
        event = TeamChanged(
            organisation_id=self.organisation_id, team_id=self.id, fallback_team_id=new.fallback_team_id
        )
        return new, event
