"""What the directory tells: organisations, teams, staff, offerings, agreements, pledges."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from .base import Area, Event, Fact, ItemClass, ItemField, LanguageCode, NeedCode, Role, Theme


class OrganisationKind(StrEnum):
    """The kind of organisation; it bounds what may travel to it."""

    SOCIAL_SERVICES = "social_services"
    CITY = "city"
    REGION = "region"
    ASSOCIATION = "association"
    HOUSING_COMPANY = "housing_company"
    EMPLOYER = "employer"
    SCHOOL = "school"
    CARE = "care"
    UNIVERSITY = "university"


class OrganisationStatus(StrEnum):
    """Whether an organisation takes part."""

    ACTIVE = "active"
    PAUSED = "paused"
    CLOSED = "closed"


class OfferingKind(StrEnum):
    """How one gets to an offering; an open door cannot be referred to."""

    ASSESSED = "assessed"
    UNASSESSED = "unassessed"
    OPEN = "open"
    OPEN_DOOR = "open_door"


class OfferingStatus(StrEnum):
    """Where an offering is in its life."""

    EXISTING = "existing"
    NEW = "new"
    PROTOTYPE = "prototype"
    PAUSED = "paused"
    ENDED = "ended"


class Access(StrEnum):
    """What a place or a way of meeting offers to who needs it in order to come."""

    STEP_FREE = "step_free"
    ACCESSIBLE_TOILET = "accessible_toilet"
    HEARING_LOOP = "hearing_loop"
    SIGN_LANGUAGE = "sign_language"
    EASY_READ = "easy_read"
    QUIET_ROOM = "quiet_room"
    INTERPRETER = "interpreter"
    CHILDREN_ALONG = "children_along"
    HOME_VISIT = "home_visit"
    REMOTE = "remote"
    EVENING = "evening"


class RuleKind(StrEnum):
    """What an eligibility rule asks about."""

    NEED = "need"
    AGE = "age"
    AREA = "area"
    LANGUAGE = "language"
    ACCESS = "access"


class Reason(StrEnum):
    """What speaks for or against an offering: a rule, or what is true of it whoever asks."""

    OPEN = "open"
    DECISION = "decision"
    NEED = "need"
    AGE = "age"
    AREA = "area"
    LANGUAGE = "language"
    ACCESS = "access"


class ErrorKind(StrEnum):
    """What is wrong with an offering's entry in the directory."""

    WRONG_CONTACT = "wrong_contact"
    WRONG_HOURS = "wrong_hours"
    WRONG_ADDRESS = "wrong_address"
    WRONG_AUDIENCE = "wrong_audience"
    WRONG_LANGUAGE = "wrong_language"
    HAS_ENDED = "has_ended"
    IS_FULL = "is_full"
    SHOWS_PROTECTED_PLACE = "shows_protected_place"
    OTHER = "other"


class EligibilityRule(Fact):
    """One rule of who an offering is for; all of an offering's rules hold together.

    It says only what its kind asks about.  With ``for_needs`` it is a rule for those needs alone.
    """

    rule: RuleKind
    needs: tuple[NeedCode, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    areas: tuple[Area, ...] = ()
    languages: tuple[LanguageCode, ...] = ()
    access: tuple[Access, ...] = ()
    for_needs: tuple[NeedCode, ...] = ()


class AgreementKind(StrEnum):
    """What organisations have agreed on; data protection alone lets nothing travel."""

    IOP = "iop"
    COOPERATION = "cooperation"
    DATA_PROTECTION = "data_protection"


class RequiredItem(Fact):
    """One item that an offering must know, and how careful one must be with it."""

    field: ItemField
    item_class: ItemClass


class DirectoryEvent(Event):
    """Something that happened to one organisation."""

    subject_field = "organisation_id"
    organisation_id: UUID


class OrganisationRegistered(DirectoryEvent, type="organisation.registered.v1"):
    """An organisation joined the network."""

    kind: OrganisationKind
    status: OrganisationStatus
    most_at_once: int | None = None


class OrganisationChanged(DirectoryEvent, type="organisation.changed.v1"):
    """An organisation's kind, status and most at once are now these."""

    kind: OrganisationKind
    status: OrganisationStatus
    most_at_once: int | None = None


class TeamOpened(DirectoryEvent, type="team.opened.v1"):
    """A team that referrals can go to or come from."""

    team_id: UUID


class TeamChanged(DirectoryEvent, type="team.changed.v1"):
    """Who is reached when nobody of the team is on duty: another team of the organisation, or none."""

    team_id: UUID
    fallback_team_id: UUID | None


class StaffAppointed(DirectoryEvent, type="staff.appointed.v1"):
    """A member of staff began."""

    staff_id: UUID
    team_id: UUID | None
    roles: tuple[Role, ...]


class StaffChanged(DirectoryEvent, type="staff.changed.v1"):
    """A member of staff's team, roles or activity are now these."""

    staff_id: UUID
    team_id: UUID | None
    roles: tuple[Role, ...]
    active: bool


class SubstituteNamed(DirectoryEvent, type="substitute.named.v1"):
    """A colleague stands in for a member of staff from one date until another, both included."""

    substitution_id: UUID
    staff_id: UUID
    substitute_id: UUID
    valid_from: date
    valid_until: date


class SubstituteReleased(DirectoryEvent, type="substitute.released.v1"):
    """A substitute stands in no longer, or never will."""

    substitution_id: UUID


class OfferingEvent(DirectoryEvent):
    """The whole offering, as it is now."""

    offering_id: UUID
    team_id: UUID
    kind: OfferingKind
    needs: tuple[NeedCode, ...]
    themes: tuple[Theme, ...]
    areas: tuple[Area, ...]
    languages: tuple[LanguageCode, ...]
    age_from: int | None
    age_to: int | None
    required_fields: tuple[RequiredItem, ...]
    sensitive: bool
    status: OfferingStatus
    version: int
    eligibility: tuple[EligibilityRule, ...] = ()
    eligibility_version: int = 1


class OfferingPublished(OfferingEvent, type="offering.published.v1"):
    """An offering was put in the directory."""


class OfferingChanged(OfferingEvent, type="offering.changed.v1"):
    """The whole offering as it is now."""


class OfferingConfirmationDue(DirectoryEvent, type="offering.confirmation_due.v1"):
    """Nobody has said for ninety days that an offering is as it stands in the directory."""

    offering_id: UUID
    team_id: UUID


class OfferingErrorReported(DirectoryEvent, type="offering.error_reported.v1"):
    """Somebody in the network says that an offering's entry is wrong."""

    offering_id: UUID
    team_id: UUID
    report_id: UUID
    kind: ErrorKind


class SearchMissed(DirectoryEvent, type="search.missed.v1"):
    """A search for a need found nothing that fits; once a day and organisation for the same search.

    ``against``: what spoke against whatever there was; none when there was nothing at all.
    """

    need: NeedCode
    theme: Theme | None
    area: Area | None
    language: LanguageCode | None
    against: tuple[Reason, ...]


class AgreementConcluded(DirectoryEvent, type="agreement.concluded.v1"):
    """Organisations act under an agreement from one date until another, or without end.

    One that was told before agreements had kinds is a cooperation.
    """

    agreement_id: UUID
    parties: tuple[UUID, ...]
    valid_from: date
    valid_until: date | None
    kind: AgreementKind | None = None


class AgreementEnded(DirectoryEvent, type="agreement.ended.v1"):
    """An agreement no longer covers its parties."""

    agreement_id: UUID


class PledgeSigned(DirectoryEvent, type="pledge.signed.v1"):
    """A member of staff signed one version of the confidentiality pledge.

    It binds until a date, that day included; one that was told before pledges had an end names none.
    """

    staff_id: UUID
    version: int
    valid_until: date | None = None
