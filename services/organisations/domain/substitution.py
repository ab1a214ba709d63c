"""Who stands in for a colleague while she is away: she is not reached, and so nobody waits for her."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import Invalid, Members, Refused
from shared.events.base import Role
from shared.events.organisations import SubstituteNamed, SubstituteReleased

from . import rights
from .staff import Staff


class SubstitutionIsOver(Refused):
    """The substitute has already been released."""

    slug: ClassVar[str] = "illegal-command"
    example: ClassVar[Members] = {"state": "ended", "allowed": []}


class SubstitutesOverlap(Refused):
    """Somebody stands in on some of these days already: release that substitute first."""

    slug: ClassVar[str] = "substitutes-overlap"
    example: ClassVar[Members] = {"substitution_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b213"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """One colleague for another, from one date until another, both included.

    It gives no rights: who stands in acts by roles of her own.
    """

    id: UUID
    organisation_id: UUID
    staff_id: UUID
    substitute_id: UUID
    valid_from: date
    valid_until: date
    ended_at: datetime | None
    version: int

    def begin(self, *, substitute: Staff, today: date, beside: Iterable[Self]) -> SubstituteNamed:
        """Let the substitute be reached; raises ``Invalid`` or ``SubstitutesOverlap``."""
        self._must_make_sense(substitute, today)
        for other in beside:
            if self.valid_from <= other.valid_until and other.valid_from <= self.valid_until:
                raise SubstitutesOverlap(substitution_id=str(other.id))
        return SubstituteNamed(
            organisation_id=self.organisation_id,
            substitution_id=self.id,
            staff_id=self.staff_id,
            substitute_id=self.substitute_id,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )

    def end(self, *, at: datetime) -> tuple[Self, SubstituteReleased]:
        """Release the substitute; raises ``SubstitutionIsOver`` the second time."""
        if self.ended_at is not None:
            raise SubstitutionIsOver(state="ended", allowed=[])
        new = replace(self, ended_at=at, version=self.version + 1)
        return new, SubstituteReleased(organisation_id=self.organisation_id, substitution_id=self.id)

    def outlives(self, *, before: Staff, now: Staff, other: Staff) -> bool:
        """Whether it goes on when one of the two is ``now`` otherwise than ``before``.

        It does not when she has left, or has lost the last role that both of them had.
        """
        return now.active and (not before.roles & other.roles or bool(now.roles & other.roles))

    def _must_make_sense(self, substitute: Staff, today: date) -> None:
        if self.substitute_id == self.staff_id:
            raise _invalid("substitute_id", "Nobody stands in for herself.")
        if not substitute.active:
            raise _invalid("substitute_id", "This member of staff has left.")
        if self.valid_until < self.valid_from:
            raise _invalid("valid_until", "It would end before it begins.")
        if self.valid_until < today:
            raise _invalid("valid_until", "It would be over already.")


def must_arrange_for(actor: Actor, staff: Staff) -> None:
    """Refuse everybody but herself, her team's lead and her organisation's administrators."""
    leads = actor.has(Role.TEAM_LEAD) and actor.team_id is not None and actor.team_id == staff.team_id
    if actor.id != staff.id and not leads:
        rights.must_run(actor, staff.organisation_id)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(errors=[{"field": field, "message": message}])
