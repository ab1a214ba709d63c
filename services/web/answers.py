"""What the services answer: only the fields that a page shows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.events.base import Area, ItemClass, ItemField, NeedCode, Urgency


class Answer(BaseModel):
    """A part of what a service answered; the rest is left unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


T = TypeVar("T", bound=Answer)


class Nothing(Answer):
    """An answer of which no page shows anything."""


class Listing(Answer, Generic[T]):
    items: list[T]


class Token(Answer):
    access_token: str
    expires_in: int


class SignIn(Answer):
    id: str


class Provider(Answer):
    name: str
    label: str
    step_up: bool


class Leaving(Answer):
    """An attempt to sign in elsewhere, and where that is."""

    id: str
    address: str


class Admission(Answer):
    id: UUID
    kind: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    ended_at: datetime | None

    @property
    def state(self) -> str:
        """``ended``, ``used``, or ``given``: a code that nobody has used yet."""
        return "ended" if self.ended_at else "used" if self.used_at else "given"


class MadeAdmission(Admission):
    code: str


class Standing(Answer):
    code: str
    stage: str
    ball: str
    changed_at: datetime
    answer_by: datetime | None


class Status(Answer):
    items: list[Standing]
    until: datetime | None


class WayOut(Answer):
    address: str | None


class Organisation(Answer):
    id: UUID
    name: str
    protection: str


class Staff(Answer):
    id: UUID
    name: str | None
    team_id: UUID | None
    active: bool


class RequiredField(Answer):
    field: ItemField
    item_class: ItemClass = Field(alias="class")
    why: str


class Offering(Answer):
    id: UUID
    organisation_id: UUID
    team_id: UUID
    name: str
    kind: str
    required_fields: list[RequiredField]
    answer_promise_days: int
    languages: list[str]
    age_from: int | None
    age_to: int | None


class Contact(Answer):
    kind: str
    value: str


class Person(Answer):
    id: UUID
    given_name: str
    family_name: str
    birth_year: int
    language: str
    contacts: list[Contact]


class Path(Answer):
    id: UUID
    person_id: UUID
    goal: str


class Need(Answer):
    id: UUID
    path_id: UUID
    code: NeedCode
    area: Area


class Referral(Answer):
    id: UUID
    code: str
    version: int
    state: str
    allowed: list[str]
    need_id: UUID
    path_id: UUID
    offering_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    urgency: Urgency
    answer_by: datetime | None
    first_contact_by: date | None


class Card(Answer):
    need_code: NeedCode
    area: Area
    age_band: str
    language: str


class Item(Answer):
    field: ItemField
    value: str


class Disclosure(Answer):
    items: list[Item]
    conditions: list[str]


class Moment(Answer):
    at: datetime
    command: str
    by_organisation_id: UUID | None


class ConsentText(Answer):
    text: str
    text_version: int
    text_sha256: str


class Consent(Answer):
    id: UUID
    answer: str
    referral_id: UUID | None
    to_organisation_id: UUID | None
    fields: list[ItemField]
    purpose: str
    conditions: list[str]
    valid_until: datetime
    ended_how: str | None

    @property
    def state(self) -> str:
        """``given``, ``refused``, or how it ended."""
        return self.ended_how or ("given" if self.answer == "yes" else "refused")


class Decline(Answer):
    reason: str
    sentence: str
    text: str | None


class Notice(Answer):
    id: UUID
    kind: str
    referral_id: UUID | None
    at: datetime
    read_at: datetime | None


class Count(Answer):
    unread: int


class Handled(Answer):
    service: str
    at: datetime | None
    parked: bool


class Step(Answer):
    seq: int
    stream: str
    type: str
    told_at: datetime
    by_organisation_id: UUID | None
    handled: list[Handled]
    waiting: list[str]


class Trail(Answer):
    path_id: UUID
    last_at: datetime
    steps: int
