"""What the directory answers to its own pages: offerings whole, hits with their reasons, who joins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from shared.events.base import Area, NeedCode, Role, Theme

from .answers import Answer, Listing, Offering, T


class Part(Listing[T]):
    """A part of a list; ``next`` asks for what comes after it."""

    next: str | None


class Capacity(Answer):
    available: int | None
    maximum: int | None
    updated_at: datetime | None


class Hours(Answer):
    weekday: int
    opens: str
    closes: str


class Door(Answer):
    address: str
    hours: list[Hours]


class Rule(Answer):
    rule: str
    needs: list[NeedCode]
    age_from: int | None
    age_to: int | None
    areas: list[Area]
    languages: list[str]
    access: list[str]
    for_needs: list[NeedCode]


class Confirmation(Answer):
    confirmed_at: datetime | None
    due: bool


class OfferingWhole(Offering):
    """All that the directory says of an offering."""

    description: str
    needs: list[NeedCode]
    themes: list[Theme]
    areas: list[Area]
    access: list[str]
    eligibility: list[Rule]
    sensitive: bool
    protective_factors: list[str]
    leads_to: list[UUID]
    protected_place: bool
    door: Door | None
    capacity: Capacity
    capacity_days_old: int | None
    capacity_stale: bool
    waiting: int | None
    status: str
    paused_until: date | None
    confirmation: Confirmation
    version: int


class Why(Answer):
    """One reason; ``ok`` null: nobody said what it asks about."""

    rule: str
    ok: bool | None
    said: str


class Rank(Answer):
    places: str


class Hit(OfferingWhole):
    """What a search found, and why it fits or not."""

    fits: bool
    why: list[Why]
    rank: Rank


def by_fit(hits: Iterable[Hit]) -> tuple[list[Hit], list[Hit]]:
    """What fits and what does not, each in the order in which it was found."""
    found = [*hits]
    return [one for one in found if one.fits], [one for one in found if not one.fits]


class RankRule(Answer):
    said: str


class OpenOffering(Answer):
    """What anybody may read of what is open to everybody."""

    id: UUID
    organisation: str
    name: str
    description: str
    kind: str
    needs: list[NeedCode]
    areas: list[Area]
    languages: list[str]
    access: list[str]
    age_from: int | None
    age_to: int | None
    door: Door | None


class Cell(Answer):
    """How much answers a theme in an area."""

    theme: Theme
    area: Area
    offerings: int


class ErrorReport(Answer):
    id: UUID
    version: int
    offering_id: UUID
    kind: str
    reported_at: datetime


class OrganisationWhole(Answer):
    id: UUID
    name: str
    kind: str
    status: str
    sector: str | None
    legal_kind: str | None
    protection: str
    most_at_once: int | None
    version: int


class StepTaken(Answer):
    step: str
    done: bool


class Checklist(Answer):
    items: list[StepTaken]
    complete: bool


class Team(Answer):
    id: UUID
    name: str
    fallback_team_id: UUID | None
    version: int


class RoleUntil(Answer):
    role: Role
    valid_until: date


class Colleague(Answer):
    """A member of the own staff."""

    id: UUID
    team_id: UUID | None
    name: str | None
    roles: list[Role]
    roles_until: list[RoleUntil]
    login: str | None
    active: bool
    version: int

    def ends(self, role: str) -> date | None:
        """The last day of a role that ends by itself."""
        return next((one.valid_until for one in self.roles_until if one.role == role), None)


class Pledge(Answer):
    staff_id: UUID
    valid_until: date


class Substitution(Answer):
    id: UUID
    staff_id: UUID
    substitute_id: UUID
    valid_from: date
    valid_until: date
    ended_at: datetime | None
    version: int


class Agreement(Answer):
    id: UUID
    kind: str
    parties: list[UUID]
    name: str | None
    valid_from: date
    valid_until: date | None
    ended_at: datetime | None
    version: int


class Invitation(Answer):
    id: UUID
    name: str
    expires_at: datetime
    used_at: datetime | None
    organisation_id: UUID | None


class Invited(Invitation):
    """An invitation that was just made, with the secret that is shown this once."""

    secret: str


class Joined(Answer):
    organisation_id: UUID
