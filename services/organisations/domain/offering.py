"""An offering: what a team offers, to whom, and what it must know of a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.errors import Invalid
from shared.events.base import Area, NeedCode, Theme
from shared.events.organisations import (
    Access,
    OfferingChanged,
    OfferingConfirmationDue,
    OfferingKind,
    OfferingPublished,
    OfferingStatus,
    RequiredItem,
)

from .capacity import Capacity, Places
from .codes import ProtectiveFactor
from .contradictions import refuse_contradictions
from .door import Door
from .eligibility import Rules, rules_of
from .observed import NOTHING_SEEN, Habit, Observed
from .organisation import Changes
from .required import RequiredField

Told = TypeVar("Told", OfferingPublished, OfferingChanged)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CONFIRMED_FOR = timedelta(days=90)
"""How long a word that all of it is still so is good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Whence an offering was read: a service of another's directory, who provides it, and when."""

    service_id: UUID
    provider: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What one team offers; ages are in whole years, both ends included.

    What is ``observed``, and how many places are ``held``, comes with it and is not its own to say.
    """

    id: UUID
    organisation_id: UUID
    team_id: UUID
    name: str
    kind: OfferingKind
    needs: tuple[NeedCode, ...]
    themes: tuple[Theme, ...]
    areas: tuple[Area, ...]
    languages: tuple[str, ...]
    age_from: int | None
    age_to: int | None
    required_fields: tuple[RequiredField, ...]
    sensitive: bool
    capacity: Capacity
    answer_promise_days: int
    status: OfferingStatus
    version: int
    waiting: int | None = None
    description: str = ""
    access: tuple[Access, ...] = ()
    eligibility: Rules = ()
    eligibility_version: int = 1
    protective_factors: tuple[ProtectiveFactor, ...] = ()
    leads_to: tuple[UUID, ...] = ()
    protected_place: bool = False
    door: Door | None = None
    paused_until: date | None = None
    resumes_as: OfferingStatus | None = None
    confirmed_at: datetime | None = None
    confirmed_by: UUID | None = None
    imported: Imported | None = None
    observed: Observed = NOTHING_SEEN
    held: int = 0

    @property
    def is_only_listed(self) -> bool:
        """Whether nobody here receives for it: it is of another's directory, and none took it over."""
        return self.imported is not None and self.kind is OfferingKind.OPEN_DOOR

    @property
    def is_listed(self) -> bool:
        return self.status is not OfferingStatus.ENDED

    @property
    def confirm_by(self) -> datetime | None:
        """When somebody must have confirmed it again; ``None`` where nobody ever has."""
        return None if self.confirmed_at is None else self.confirmed_at + CONFIRMED_FOR

    def awaits_confirmation(self, at: datetime) -> bool:
        """What is only listed is confirmed by whoever publishes it, when it is read again."""
        if self.is_only_listed:
            return False
        return self.is_listed and (self.confirm_by is None or self.confirm_by <= at)

    def publish(self, *, by: UUID, at: datetime) -> tuple[Self, OfferingPublished]:
        """Put it in the directory; raises ``Invalid`` for one that contradicts itself."""
        new = replace(self, capacity=self.capacity.said(at), confirmed_at=at, confirmed_by=by)
        refuse_contradictions(new)
        _refuse_rest_until_past(new, at)
        return new, _told(new, OfferingPublished)

    def list_here(self) -> tuple[Self, OfferingPublished]:
        """Put what was read from another's directory in this one; its word is its publisher's."""
        refuse_contradictions(self)
        return self, _told(self, OfferingPublished)

    def read_again(self, changes: Changes, *, at: datetime) -> tuple[Self, OfferingChanged] | None:
        """What its publisher says now; nothing where that is the same, or where it was taken over here."""
        same = all(getattr(self, name) == value for name, value in changes.items() if name != "imported")
        return None if same or not self.is_only_listed else self.change(changes, at=at)

    def change(self, changes: Changes, *, at: datetime) -> tuple[Self, OfferingChanged]:
        """Alter it; raises ``Invalid`` when it would contradict itself."""
        new = replace(self, version=self.version + 1, **changes)
        if "capacity" in changes:
            new = replace(new, capacity=new.capacity.said(at))
        new = replace(new, **_rest(new, before=self.status, asked="paused_until" in changes))
        if rules_of(new) != rules_of(self):
            new = replace(new, eligibility_version=self.eligibility_version + 1)
        refuse_contradictions(new)
        if "paused_until" in changes:
            _refuse_rest_until_past(new, at)
        return new, _told(new, OfferingChanged)

    @property
    def resumes_at(self) -> datetime | None:
        """The first moment of the Swedish day until which it rests."""
        return None if self.paused_until is None else datetime.combine(self.paused_until, time(), STOCKHOLM)

    def ask_to_confirm(self, *, at: datetime) -> OfferingConfirmationDue | None:
        """What is told when its confirmation is old; ``None`` when it is not."""
        if not self.awaits_confirmation(at):
            return None
        return OfferingConfirmationDue(
            organisation_id=self.organisation_id, offering_id=self.id, team_id=self.team_id
        )

    def resume(self, *, at: datetime) -> tuple[Self, OfferingChanged]:
        """Open again what rested until now, as what it was."""
        return self.change({"status": self.resumes_as or OfferingStatus.EXISTING}, at=at)

    def places(self, at: datetime) -> Places:
        """What is observed goes before what is said."""
        if self.observed.habit is Habit.TAKES:
            return Places.FREE
        if self.observed.habit is Habit.FULL:
            return Places.FULL if self.waiting is None else Places.WAITING
        return self.capacity.places(at, waiting=self.waiting, held=self.held)

    def free_places(self, at: datetime) -> int:
        """How many places are free, by a word that can be trusted, and held by nobody."""
        return max(0, (self.capacity.known(at) or 0) - self.held)

    def confirm(self, *, by: UUID, at: datetime) -> tuple[Self, OfferingChanged]:
        """Say that all of it is still so."""
        new = replace(self, version=self.version + 1, confirmed_at=at, confirmed_by=by)
        return new, _told(new, OfferingChanged)


def _refuse_rest_until_past(offering: Offering, at: datetime) -> None:
    if offering.resumes_at is not None and offering.resumes_at <= at:
        raise Invalid(errors=[{"field": "paused_until", "message": "That day is past."}])


def _rest(offering: Offering, *, before: OfferingStatus, asked: bool) -> Changes:
    """What is paused remembers what it was; what is not rests until no day, unless one was asked for."""
    if offering.status is not OfferingStatus.PAUSED:
        return {"resumes_as": None} if asked else {"resumes_as": None, "paused_until": None}
    return {} if before is OfferingStatus.PAUSED else {"resumes_as": before}


def _told(offering: Offering, event: type[Told]) -> Told:
    items = (RequiredItem(field=r.field, item_class=r.item_class) for r in offering.required_fields)
    return event(
        organisation_id=offering.organisation_id,
        offering_id=offering.id,
        team_id=offering.team_id,
        kind=offering.kind,
        needs=offering.needs,
        themes=offering.themes,
        areas=offering.areas,
        languages=offering.languages,
        age_from=offering.age_from,
        age_to=offering.age_to,
        required_fields=tuple(items),
        sensitive=offering.sensitive,
        status=offering.status,
        version=offering.version,
        eligibility=rules_of(offering),
        eligibility_version=offering.eligibility_version,
    )
