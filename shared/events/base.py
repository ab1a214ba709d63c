"""What an event is, and the words that several tellers share.

Events are thin: ids, times, enums and numbers.  Whatever says more about a
person stays in the service that owns it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
"""An ISO 639 code, for example ``sv`` or ``ar``."""


class Fact(BaseModel):
    """A frozen value that an event carries."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Fact):
    """Something that has happened, in the published language.

    A subclass names its type, version included (``type="referral.sent.v1"``),
    and the field that is its subject: the path or organisation in whose order
    it is delivered.
    """

    type: ClassVar[str]
    subject_field: ClassVar[str]

    def __init_subclass__(cls, *, type: str | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if type is not None:
            cls.type = type

    @property
    def subject(self) -> UUID:
        """The id in whose order this event is delivered."""
        subject: UUID = getattr(self, self.subject_field)
        return subject


class LogVoid(Event, type="log.void.v1"):
    """A number whose event PostgreSQL lost; told by ``dev.py recover`` alone."""

    subject_field = "stream_id"
    stream_id: UUID


class Role(StrEnum):
    """What a member of staff, a person or a service may act as."""

    CASEWORKER = "caseworker"
    RECIPIENT = "recipient"
    TEAM_LEAD = "team_lead"
    ORGANISATION_ADMIN = "organisation_admin"
    COORDINATOR = "coordinator"
    NETWORK_ADMIN = "network_admin"
    LOG_REVIEWER = "log_reviewer"
    PROTECTED_STAFF = "protected_staff"
    PERSON = "person"
    SERVICE = "service"


class NeedCode(StrEnum):
    """What must be solved on a path."""

    LANGUAGE = "language"
    WORK = "work"
    STUDIES = "studies"
    HOUSING = "housing"
    ECONOMY = "economy"
    HEALTH = "health"
    WELLBEING = "wellbeing"
    LONELINESS = "loneliness"
    PARENTING = "parenting"
    LEISURE = "leisure"
    DIGITAL = "digital"
    SAFETY = "safety"


class Theme(StrEnum):
    """The four themes of Hållbart Helsingborg."""

    NEIGHBOURHOOD = "neighbourhood"
    PARENTS = "parents"
    SCHOOL = "school"
    INDIVIDUAL = "individual"


class Area(StrEnum):
    """The city areas (stadsområden) of the network."""

    DROTTNINGHOG = "B022"
    FREDRIKSDAL = "B021"
    DALHEM = "B023"
    SODER = "B041"
    HOGABORG = "B043"
    NARLUNDA = "B044"
    PLANTERINGEN = "B071"


class Urgency(StrEnum):
    """How soon a receiver owes an answer: 1, 3 or 10 Swedish working days."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class ItemField(StrEnum):
    """The kinds of item that may travel with a referral."""

    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH_YEAR = "birth_year"
    PERSONAL_NUMBER = "personal_number"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    NEED = "need"
    BACKGROUND = "background"
    AVAILABILITY = "availability"
    ADJUSTMENTS = "adjustments"
    MEASURE = "measure"
    HEALTH = "health"
    CHILDREN = "children"


class ItemClass(StrEnum):
    """How careful one must be with an item."""

    NORMAL = "normal"
    CONTACT = "contact"
    NUMBER = "number"
    SENSITIVE = "sensitive"
    CHILD = "child"
    THIRD_PARTY = "third_party"
