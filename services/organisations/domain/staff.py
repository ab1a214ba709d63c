"""Staff, their roles, and the pledge of confidentiality they sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.errors import Invalid, Refused, RoleMissing
from shared.events.base import Role
from shared.events.organisations import PledgeSigned, StaffAppointed, StaffChanged

from . import rights
from .days import a_year_after
from .organisation import Changes
from .sign_in import NotSignedIn

PLEDGE_IN_FORCE = 1
"""The version of the pledge's text that is shown and signed now (R-44)."""


class StaffHasLeft(RoleMissing):
    """This member of staff has left."""


class NoRoleEnds(Refused):
    """No role of this member of staff has come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff of one organisation, perhaps of one of its teams.

    ``roles_until`` says of roles that end by themselves their last day; the others have no end.
    """

    id: UUID
    organisation_id: UUID
    team_id: UUID | None
    name: str
    roles: frozenset[Role]
    active: bool
    version: int
    roles_until: Mapping[Role, date] = field(default_factory=dict)

    def appoint(self, *, by: Actor, today: date) -> StaffAppointed:
        """Let somebody begin; raises ``RoleMissing`` when a role is not ``by``'s to give."""
        _check(self)
        _must_be_ahead(self.roles_until, today)
        rights.must_grant(by, self.roles)
        return StaffAppointed(
            organisation_id=self.organisation_id,
            staff_id=self.id,
            team_id=self.team_id,
            roles=_in_order(self.roles),
        )

    def change(self, changes: Changes, *, by: Actor, today: date) -> tuple[Self, StaffChanged]:
        """Move, rename, give other roles or other ends to them, let go or take back.

        An end goes with its role.  Raises ``RoleMissing`` when an added role is not
        ``by``'s to give, or one that would last longer.
        """
        new = replace(self, version=self.version + 1, **changes)
        if "roles_until" not in changes:
            new = replace(new, roles_until=_of(new.roles, new.roles_until))
        _check(new)
        _must_be_ahead(dict(new.roles_until.items() - self.roles_until.items()), today)
        rights.must_grant(by, frozenset(self._longer_in(new)))
        return new, _changed(new)

    def end_roles(self, *, today: date) -> tuple[Self, StaffChanged]:
        """Let go of the roles whose last day is over; raises ``NoRoleEnds`` if there is none."""
        over = {role for role, last in self.roles_until.items() if last < today}
        if not over:
            raise NoRoleEnds
        roles = self.roles - over
        until = _of(roles, self.roles_until)
        new = replace(self, version=self.version + 1, roles=roles, roles_until=until)
        return new, _changed(new)

    def _longer_in(self, new: Self) -> Iterator[Role]:
        """The roles that ``new`` adds, or holds beyond the day on which they would end here."""
        for role in new.roles:
            ends, would_end = (one.roles_until.get(role, date.max) for one in (new, self))
            if role not in self.roles or ends > would_end:
                yield role

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

    def sign(self, version: int, *, by: Actor, today: date) -> PledgeSigned:
        """Sign the pledge of confidentiality, oneself or through one's own administrator (R-44).

        It binds for a year, so the same version is signed again.
        """
        if by.id != self.id:
            rights.must_run(by, self.organisation_id)
        if not self.active:
            raise StaffHasLeft
        if version != PLEDGE_IN_FORCE:
            message = f"The pledge in force has version {PLEDGE_IN_FORCE}."
            raise Invalid(errors=[{"field": "version", "message": message}])
        return PledgeSigned(
            organisation_id=self.organisation_id,
            staff_id=self.id,
            version=version,
            valid_until=a_year_after(today),
        )


def _changed(staff: Staff) -> StaffChanged:
    return StaffChanged(
        organisation_id=staff.organisation_id,
        staff_id=staff.id,
        team_id=staff.team_id,
        roles=_in_order(staff.roles),
        active=staff.active,
    )


def _check(staff: Staff) -> None:
    if strange := staff.roles - rights.STAFF_ROLES:
        message = f"Staff cannot be {', '.join(sorted(strange))}."
        raise Invalid(errors=[{"field": "roles", "message": message}])
    if staff.roles_until.keys() - staff.roles:
        message = "Only a role that is held can end."
        raise Invalid(errors=[{"field": "roles_until", "message": message}])


def _of(roles: frozenset[Role], until: Mapping[Role, date]) -> dict[Role, date]:
    return {role: last for role, last in until.items() if role in roles}


def _must_be_ahead(until: Mapping[Role, date], today: date) -> None:
    if any(last < today for last in until.values()):
        raise Invalid(errors=[{"field": "roles_until", "message": "Its last day has passed."}])


def _in_order(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(sorted(roles))
