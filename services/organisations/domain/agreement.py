"""The agreement (överenskommelse, IOP, avtal) that two or more organisations act under."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

from shared.errors import Invalid, Members, Refused
from shared.events.organisations import AgreementConcluded, AgreementEnded


class AgreementIsOver(Refused):
    """The agreement has already ended."""

    slug: ClassVar[str] = "illegal-command"
    example: ClassVar[Members] = {"state": "ended", "allowed": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """From one date until another, both included, or without end."""

    id: UUID
    parties: tuple[UUID, ...]
    name: str | None
    valid_from: date
    valid_until: date | None
    ended_at: datetime | None
    version: int

    @property
    def organisation_id(self) -> UUID:
        """The first party: the one in whose order the agreement is told."""
        return self.parties[0]

    @classmethod
    def conclude(
        cls,
        *,
        id: UUID,
        parties: tuple[UUID, ...],
        name: str | None,
        valid_from: date,
        valid_until: date | None,
    ) -> tuple[Self, AgreementConcluded]:
        """Begin it; raises ``Invalid`` unless two or more different parties agree on a time."""
        if len(set(parties)) < max(2, len(parties)):
            raise Invalid(errors=[{"field": "parties", "message": "Name two or more different parties."}])
        if valid_until is not None and valid_until < valid_from:
            raise Invalid(errors=[{"field": "valid_until", "message": "It would end before it begins."}])
        new = cls(
            id=id,
            parties=parties,
            name=name,
            valid_from=valid_from,
            valid_until=valid_until,
            ended_at=None,
            version=1,
        )
        event = AgreementConcluded(
            organisation_id=new.organisation_id,
            agreement_id=id,
            parties=parties,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        return new, event

    def end(self, *, at: datetime) -> tuple[Self, AgreementEnded]:
        """Let it no longer cover its parties; raises ``AgreementIsOver`` the second time."""
        if self.ended_at is not None:
            raise AgreementIsOver(state="ended", allowed=[])
        new = replace(self, ended_at=at, version=self.version + 1)
        return new, AgreementEnded(organisation_id=self.organisation_id, agreement_id=self.id)
