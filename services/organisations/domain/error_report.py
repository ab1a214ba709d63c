"""Somebody in the network says that an offering's entry is wrong: in codes, so that it names no person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.events.organisations import ErrorKind, OfferingErrorReported

from .offering import Offering


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReport:
    """What is wrong, to whose organisation it is said, and whether that has been seen to."""

    id: UUID
    organisation_id: UUID
    offering_id: UUID
    kind: ErrorKind
    reported_by: UUID
    reported_at: datetime
    settled_at: datetime | None = None
    version: int = 1

    @classmethod
    def about(
        cls, offering: Offering, kind: ErrorKind, *, id: UUID, by: UUID, at: datetime
    ) -> tuple[Self, OfferingErrorReported]:
        """Say what is wrong; ``by``: the organisation that says it."""
        new = cls(
            id=id,
            organisation_id=offering.organisation_id,
            offering_id=offering.id,
            kind=kind,
            reported_by=by,
            reported_at=at,
        )
        event = OfferingErrorReported(
            organisation_id=offering.organisation_id,
            offering_id=offering.id,
            team_id=offering.team_id,
            report_id=id,
            kind=kind,
        )
        return new, event

    def settle(self, at: datetime) -> Self:
        """It has been seen to; again, it still has."""
        return replace(self, version=self.version + 1, settled_at=self.settled_at or at)
