"""An organisation of the network, and its teams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import Invalid, Members, Refused
from shared.events.organisations import (
    OrganisationChanged,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationStatus,
    TeamChanged,
    TeamOpened,
)

from . import rights
from .profile import LegalKind, Protection, Sector, demand_fit, protection_of

Changes = Mapping[str, Any]
"""Some fields of a thing with their new values, as a validated request names them."""

_THE_NETWORKS = ("kind", "legal_kind", "provides_social_services")


class NeedsOpen(Refused):
    """It is the home of needs: they are transferred or closed before it rests."""

    slug: ClassVar[str] = "needs-open"
    example: ClassVar[Members] = {"needs": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One that takes part in the network.

    ``most_at_once``: above so many referrals a sender is told that it is full, and must confirm.
    """

    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    version: int
    sector: Sector | None = None
    legal_kind: LegalKind | None = None
    provides_social_services: bool = False
    organisation_number: str | None = None
    most_at_once: int | None = None

    @property
    def protection(self) -> Protection:
        """How what it is told about a person is protected there (R-02)."""
        return protection_of(self.legal_kind, provides_social_services=self.provides_social_services)

    @classmethod
    def register(
        cls, *, id: UUID, name: str, kind: OrganisationKind, profile: Changes
    ) -> tuple[Self, OrganisationRegistered]:
        """Bring a new organisation in, active from the start; ``profile`` are its other fields."""
        new = cls(id=id, name=name, kind=kind, status=OrganisationStatus.ACTIVE, version=1, **profile)
        demand_fit(kind, new.legal_kind)
        event = OrganisationRegistered(
            organisation_id=id, kind=kind, status=new.status, most_at_once=new.most_at_once
        )
        return new, event

    @property
    def takes_part(self) -> bool:
        return self.status is OrganisationStatus.ACTIVE

    def change(self, changes: Changes, *, by: Actor, open_needs: int = 0) -> tuple[Self, OrganisationChanged]:
        """Rename, describe, pause, close or open again.

        A home does not rest while it has needs: raises ``NeedsOpen``.

        The kind bounds what may travel here, and the legal kind is what a person is
        promised; so only the network alters them: raises ``RoleMissing`` for the
        organisation itself.
        """
        new = replace(self, version=self.version + 1, **changes)
        if any(getattr(new, name) != getattr(self, name) for name in _THE_NETWORKS):
            by.must_be(*rights.ONBOARDS)
        demand_fit(new.kind, new.legal_kind)
        if open_needs and new.status is not self.status and not new.takes_part:
            raise NeedsOpen(needs=open_needs)
        event = OrganisationChanged(
            organisation_id=self.id, kind=new.kind, status=new.status, most_at_once=new.most_at_once
        )
        return new, event


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
