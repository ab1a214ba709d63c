"""Staff, their roles, and the pledge of confidentiality they sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.errors import Invalid, RoleMissing
from shared.events.base import Role
from shared.events.organisations import PledgeSigned, StaffAppointed, StaffChanged

from . import rights
from .organisation import Changes
from .sign_in import NotSignedIn

PLEDGE_IN_FORCE = 1
"""The version of the pledge's text that is shown and signed now (R-44)."""


class StaffHasLeft(RoleMissing):
    """This member of staff has left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff of one organisation, perhaps of one of its teams."""

    id: UUID
    organisation_id: UUID
    team_id: UUID | None
    name: str
    roles: frozenset[Role]
    active: bool
    version: int

    def appoint(self, *, by: Actor) -> StaffAppointed:
        """Let somebody begin; raises ``RoleMissing`` when a role is not ``by``'s to give."""
        _check(self.roles)
        rights.must_grant(by, self.roles)
        return StaffAppointed(
            organisation_id=self.organisation_id,
            staff_id=self.id,
            team_id=self.team_id,
            roles=_in_order(self.roles),
        )

    def change(self, changes: Changes, *, by: Actor) -> tuple[Self, StaffChanged]:
        """Move, rename, give other roles, let go or take back.

        Raises ``RoleMissing`` when an added role is not ``by``'s to give.
        """
        new = replace(self, version=self.version + 1, **changes)
        _check(new.roles)
        rights.must_grant(by, new.roles - self.roles)
        event = StaffChanged(
            organisation_id=self.organisation_id,
            staff_id=self.id,
            team_id=new.team_id,
            roles=_in_order(new.roles),
            active=new.active,
        )
        return new, event

    def acting(self) -> Actor:
        """The actor that the member of staff signs in as; raises ``NotSignedIn`` for one who has left."""
        if not self.active:
            raise NotSignedIn
        return Actor(
            kind=ActorKind.STAFF,
            id=self.id,
            organisation_id=self.organisation_id,
            team_id=self.team_id,
            roles=self.roles,
        )

    def sign(self, version: int, *, by: Actor) -> PledgeSigned:
        """Sign the pledge of confidentiality, oneself or through one's own administrator (R-44).

        It is signed anew every year, so the same version may be signed again.
        """
        if by.id != self.id:
            rights.must_run(by, self.organisation_id)
        if not self.active:
            raise StaffHasLeft
        if version != PLEDGE_IN_FORCE:
            message = f"The pledge in force has version {PLEDGE_IN_FORCE}."
            raise Invalid(errors=[{"field": "version", "message": message}])
        return PledgeSigned(organisation_id=self.organisation_id, staff_id=self.id, version=version)


def _check(roles: frozenset[Role]) -> None:
    if strange := roles - rights.STAFF_ROLES:
        message = f"Staff cannot be {', '.join(sorted(strange))}."
        raise Invalid(errors=[{"field": "roles", "message": message}])


def _in_order(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(sorted(roles))
