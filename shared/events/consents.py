"""What referrals tells of consents, and of the copies that were made under them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .base import ItemField
from .paths import PathEvent


class ConsentKind(StrEnum):
    """The three kinds of consent, kept apart (R-11 to R-13)."""

    SECRECY_RELEASE = "secrecy_release"
    PROCESSING_CONSENT = "processing_consent"
    PARTICIPATION = "participation"


class Receipt(StrEnum):
    """What a holder has done with its copy after the sharing ended (GDPR 7.3, 17.3)."""

    DELETED = "deleted"
    LOCKED = "locked"
    KEPT_BY_LAW = "kept_by_law"


class ConsentEvent(PathEvent):
    """Something that happened to one consent, with both its sides."""

    consent_id: UUID
    kind: ConsentKind
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID


class EdgeEvent(ConsentEvent):
    """The same, with the team that what was released goes to."""

    to_team_id: UUID


class ConsentGiven(EdgeEvent, type="consent.given.v1"):
    """The person said yes to one edge: from, to, items, time."""

    fields: tuple[ItemField, ...]
    valid_until: datetime


class ConsentRefused(ConsentEvent, type="consent.refused.v1"):
    """The person said no, which is a full answer."""


class ConsentWithdrawn(EdgeEvent, type="consent.withdrawn.v1"):
    """The person took a consent back."""


class ConsentExpired(EdgeEvent, type="consent.expired.v1"):
    """A consent's time ran out."""


class ConsentRenewed(EdgeEvent, type="consent.renewed.v1"):
    """The person said yes again to the same: the new consent carries what the renewed one carried."""

    renewed_id: UUID
    valid_until: datetime


class ConsentNarrowed(EdgeEvent, type="consent.narrowed.v1"):
    """The person took back some items, or some of the time; the items dropped are locked at once."""

    dropped: tuple[ItemField, ...]
    valid_until: datetime


class ConsentExpiring(EdgeEvent, type="consent.expiring.v1"):
    """A consent that something rests on runs out in so many days; it can be renewed in one step."""

    from_team_id: UUID
    from_staff_id: UUID
    valid_until: datetime
    days: int


class DisclosureAnswered(PathEvent, type="disclosure.answered.v1"):
    """A holder has said what it did with its copy."""

    disclosure_id: UUID
    consent_id: UUID
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    answer: Receipt


class DisclosureUnanswered(PathEvent, type="disclosure.unanswered.v1"):
    """A holder still owes its answer; each time it goes to somebody higher (1 its team, 2 its lead, 3 on)."""

    disclosure_id: UUID
    consent_id: UUID
    referral_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    stage: int
