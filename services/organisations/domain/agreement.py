"""The agreement (överenskommelse, IOP, avtal) that two or more organisations act under.

It is a partnership's: who does what, from when until when.  An arrangement on data
protection (GDPR 26, 28; R-28) is written down beside it and lets nothing travel by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

from shared.errors import Invalid, Members, Refused
from shared.events.organisations import AgreementConcluded, AgreementEnded, AgreementKind


class AgreementIsOver(Refused):
    """The agreement has already ended."""

    slug: ClassVar[str] = "illegal-command"
    example: ClassVar[Members] = {"state": "ended", "allowed": []}


class AgreementOverlaps(Refused):
    """These parties already have an agreement of this kind for some of these days: end that one first."""

    slug: ClassVar[str] = "agreement-overlaps"
    example: ClassVar[Members] = {
        "agreement_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b212",
        "valid_from": "2026-01-01",
        "valid_until": None,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """From one date until another, both included, or without end; ``activities`` are what it is about."""

    id: UUID
    kind: AgreementKind
    parties: tuple[UUID, ...]
    name: str | None
    activities: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    ended_at: datetime | None
    version: int

    @property
    def organisation_id(self) -> UUID:
        """The first party: the one in whose order the agreement is told."""
        return self.parties[0]

    def conclude(self, *, today: date, beside: Iterable[Self]) -> AgreementConcluded:
        """Begin it ``beside`` the others of its kind and parties.

        Raises ``Invalid`` unless two or more different parties agree on a time that is
        not over, and ``AgreementOverlaps`` when some of its days are another's already.
        """
        self._must_make_sense(today)
        for other in beside:
            if self._shares_days_with(other):
                raise AgreementOverlaps(**other.named())
        return AgreementConcluded(
            organisation_id=self.organisation_id,
            agreement_id=self.id,
            parties=self.parties,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            kind=self.kind,
        )

    def named(self) -> Members:
        """What a refusal says of the agreement that is in the way."""
        until = self.valid_until.isoformat() if self.valid_until else None
        return {
            "agreement_id": str(self.id),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": until,
        }

    def _must_make_sense(self, today: date) -> None:
        if len(set(self.parties)) < max(2, len(self.parties)):
            raise Invalid(errors=[{"field": "parties", "message": "Name two or more different parties."}])
        if self.valid_until is None:
            return
        if self.valid_until < self.valid_from:
            raise Invalid(errors=[{"field": "valid_until", "message": "It would end before it begins."}])
        if self.valid_until < today:
            raise Invalid(errors=[{"field": "valid_until", "message": "It would be over already."}])

    def _shares_days_with(self, other: Self) -> bool:
        if other.ended_at is not None:
            return False
        begins_in_time = other.valid_until is None or self.valid_from <= other.valid_until
        return begins_in_time and (self.valid_until is None or other.valid_from <= self.valid_until)

    def end(self, *, at: datetime) -> tuple[Self, AgreementEnded]:
        """Let it no longer cover its parties; raises ``AgreementIsOver`` the second time."""
        if self.ended_at is not None:
            raise AgreementIsOver(state="ended", allowed=[])
        new = replace(self, ended_at=at, version=self.version + 1)
        return new, AgreementEnded(organisation_id=self.organisation_id, agreement_id=self.id)
