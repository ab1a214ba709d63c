"""What is said of an offering, coming in and going out."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, PlainSerializer, StringConstraints

from shared.actor import Actor
from shared.events.base import Area, ItemClass, ItemField, LanguageCode, NeedCode, Theme
from shared.events.organisations import Access, EligibilityRule, OfferingKind, OfferingStatus, RuleKind
from shared.http import Body, Instant
from shared.ids import new_id

from ..domain.capacity import Capacity
from ..domain.codes import ProtectiveFactor
from ..domain.door import Door, Hours
from ..domain.eligibility import rules_of
from ..domain.observed import Habit, said_of
from ..domain.offering import Offering
from ..domain.required import RequiredField, any_sensitive
from .shapes import Age, Languages, Name, Places, Seen, Sentence, Several, left_alone

Days = Annotated[int, Field(ge=1, le=365)]
Description = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*$")]
Time = Annotated[time, PlainSerializer(lambda one: one.isoformat("minutes"), return_type=str)]
"""A time of the Swedish clock, as ``10:30``."""


class Said(Body):
    """A part of a body that the domain has a word for."""

    @abstractmethod
    def as_said(self) -> object:
        """The word."""


class RequiredFieldGiven(Said):
    field: ItemField
    item_class: ItemClass = Field(alias="class")
    why: Sentence

    def as_said(self) -> RequiredField:
        return RequiredField(field=self.field, item_class=self.item_class, why=self.why)


class CapacityGiven(Said):
    available: Places | None = None
    maximum: Places | None = None

    def as_said(self) -> Capacity:
        return Capacity(available=self.available, maximum=self.maximum)


class HoursGiven(Body):
    weekday: Annotated[int, Field(ge=1, le=7, description="Monday is 1.")]
    opens: Time
    closes: Time


class DoorGiven(Said):
    """Where it is, and when it is open."""

    address: Name
    hours: list[HoursGiven] = Field(default_factory=list, max_length=50)

    def as_said(self) -> Door:
        hours = (Hours(weekday=one.weekday, opens=one.opens, closes=one.closes) for one in self.hours)
        return Door(address=self.address, hours=tuple(hours))


class RuleGiven(Said):
    """A rule of who the offering is for, beside those that its own fields make."""

    rule: RuleKind
    needs: Several[NeedCode] = Field(default_factory=list)
    age_from: Age | None = None
    age_to: Age | None = None
    areas: Several[Area] = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    access: Several[Access] = Field(default_factory=list)
    for_needs: Several[NeedCode] = Field(
        default_factory=list, description="It is a rule for these needs alone; none: for all."
    )

    def as_said(self) -> EligibilityRule:
        return EligibilityRule.model_validate(self.model_dump())


class OfferingGiven(Body):
    organisation_id: UUID
    team_id: UUID
    name: Name
    kind: OfferingKind
    needs: Several[NeedCode]
    description: Description = ""
    themes: Several[Theme] = Field(default_factory=list)
    areas: Several[Area] = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    access: Several[Access] = Field(default_factory=list)
    age_from: Age | None = None
    age_to: Age | None = None
    eligibility: list[RuleGiven] = Field(default_factory=list, max_length=20)
    required_fields: list[RequiredFieldGiven] = Field(default_factory=list, max_length=50)
    sensitive: bool | None = Field(None, description="Null: whether a required item is sensitive.")
    protective_factors: Several[ProtectiveFactor] = Field(default_factory=list)
    leads_to: Several[UUID] = Field(default_factory=list, description="Offerings that it prepares for.")
    protected_place: bool = Field(default=False, description="Its address may be known to nobody.")
    door: DoorGiven | None = None
    capacity: CapacityGiven = CapacityGiven()
    waiting: Places | None = Field(None, description="How many wait; null: there is no list.")
    answer_promise_days: Days = 3
    status: OfferingStatus = OfferingStatus.EXISTING
    paused_until: date | None = None


class OfferingChange(Body):
    team_id: UUID = left_alone()
    name: Name = left_alone()
    kind: OfferingKind = left_alone()
    needs: Several[NeedCode] = left_alone()
    description: Description = left_alone()
    themes: Several[Theme] = left_alone()
    areas: Several[Area] = left_alone()
    languages: Languages = left_alone()
    access: Several[Access] = left_alone()
    age_from: Age | None = left_alone()
    age_to: Age | None = left_alone()
    eligibility: Annotated[list[RuleGiven], Field(max_length=20)] = left_alone()
    required_fields: Annotated[list[RequiredFieldGiven], Field(max_length=50)] = left_alone()
    sensitive: bool = left_alone()
    protective_factors: Several[ProtectiveFactor] = left_alone()
    leads_to: Several[UUID] = left_alone()
    protected_place: bool = left_alone()
    door: DoorGiven | None = left_alone()
    capacity: CapacityGiven = left_alone()
    waiting: Places | None = left_alone()
    answer_promise_days: Days = left_alone()
    status: OfferingStatus = left_alone()
    paused_until: date | None = left_alone()


class RequiredFieldSeen(Seen):
    field: ItemField
    item_class: ItemClass = Field(serialization_alias="class")
    why: str


class CapacitySeen(Seen):
    """``doubted``: somebody was turned away for want of room since it was said."""

    available: int | None
    maximum: int | None
    updated_at: Instant | None
    doubted: bool


class HoursSeen(Seen):
    weekday: int
    opens: Time
    closes: Time


class DoorSeen(Seen):
    address: str
    hours: list[HoursSeen]


class RuleSeen(Seen):
    rule: RuleKind
    needs: list[NeedCode]
    age_from: int | None
    age_to: int | None
    areas: list[Area]
    languages: list[LanguageCode]
    access: list[Access]
    for_needs: list[NeedCode]


class RulesSeen(Seen):
    """All the rules, those of its own fields too; a referral keeps those under which it was made."""

    version: int
    rules: list[RuleSeen]


class ConfirmationSeen(Seen):
    """Which of its own staff said last that all of it is so, shown to them alone; ``due``: ask them again."""

    confirmed_by: UUID | None
    confirmed_at: Instant | None
    confirm_by: Instant | None
    due: bool


class ImportedSeen(Seen):
    """Whence it was read: a service of another's directory; nobody can refer to it as it is."""

    service_id: UUID
    provider: str | None
    at: Instant


class OfferingSeen(Seen):
    id: UUID
    organisation_id: UUID
    team_id: UUID
    name: str
    kind: OfferingKind
    description: str
    needs: list[NeedCode]
    themes: list[Theme]
    areas: list[Area]
    languages: list[LanguageCode]
    access: list[Access]
    age_from: int | None
    age_to: int | None
    eligibility: list[RuleSeen]
    rules: RulesSeen
    required_fields: list[RequiredFieldSeen]
    sensitive: bool
    protective_factors: list[ProtectiveFactor]
    leads_to: list[UUID]
    protected_place: bool
    door: DoorSeen | None
    capacity: CapacitySeen
    held: int = Field(description="So many places are kept for a short time, while persons are asked.")
    observed: Habit | None = Field(description="How it has answered of late, of at least five answers.")
    observed_said: str | None = Field(description="The same in plain Swedish.")
    capacity_days_old: int | None
    capacity_stale: bool = Field(description="It was said more than seven days ago.")
    waiting: int | None
    answer_promise_days: int
    status: OfferingStatus
    paused_until: date | None
    confirmation: ConfirmationSeen
    imported: ImportedSeen | None
    version: int


def shown(offering: Offering, at: datetime, to: Actor) -> dict[str, Any]:
    """The fields of an ``OfferingSeen``: its own, and what of it depends on the time and on who reads."""
    at_home = to.organisation_id == offering.organisation_id
    own = {name: getattr(offering, name) for name in OfferingSeen.model_fields if hasattr(offering, name)}
    return own | {
        "rules": RulesSeen(
            version=offering.eligibility_version,
            rules=[RuleSeen.model_validate(rule) for rule in rules_of(offering)],
        ),
        "observed": offering.observed.habit,
        "observed_said": said_of(offering.observed.habit) if offering.observed.habit else None,
        "capacity_days_old": offering.capacity.days_old(at),
        "capacity_stale": offering.capacity.is_stale(at),
        "confirmation": ConfirmationSeen(
            confirmed_by=offering.confirmed_by if at_home else None,
            confirmed_at=offering.confirmed_at,
            confirm_by=offering.confirm_by,
            due=offering.awaits_confirmation(at),
        ),
    }


def seen(offering: Offering, at: datetime, to: Actor) -> OfferingSeen:
    return OfferingSeen.model_validate(shown(offering, at, to))


def in_domain(said: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body as the domain has them."""
    return {name: _in_domain(value) for name, value in said.items()}


def _in_domain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_in_domain, value))
    return value.as_said() if isinstance(value, Said) else value


def as_offering(given: OfferingGiven) -> Offering:
    values = in_domain(dict(given))
    if given.sensitive is None:
        values["sensitive"] = any_sensitive(values["required_fields"])
    return Offering(id=new_id(), version=1, **values)
