"""An organisation of the network, and its teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self
from uuid import UUID

from shared.actor import Actor
from shared.events.organisations import (
    OrganisationChanged,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationStatus,
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
    """What referrals go to and come from; never a named person."""

    id: UUID
    organisation_id: UUID
    name: str
    version: int

    @classmethod
    def open(cls, *, id: UUID, organisation_id: UUID, name: str) -> tuple[Self, TeamOpened]:
        """Begin a team."""
        new = cls(id=id, organisation_id=organisation_id, name=name, version=1)
        return new, TeamOpened(organisation_id=organisation_id, team_id=id)

    def change(self, changes: Changes) -> Self:
        """Rename; nobody else keeps a team's name, so nothing is told."""
        return replace(self, version=self.version + 1, **changes)
