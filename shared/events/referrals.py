"""What referrals tells: paths, needs, consents, and the referral's life."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from .base import Area, Event, ItemField, NeedCode, Theme, Urgency


class ConsentKind(StrEnum):
    """The three kinds of consent, kept apart (R-11 to R-13)."""

    SECRECY_RELEASE = "secrecy_release"
    PROCESSING_CONSENT = "processing_consent"
    PARTICIPATION = "participation"


class DeclineReason(StrEnum):
    """Why a receiver could not take a referral."""

    NO_CAPACITY = "no_capacity"
    OUT_OF_AREA = "out_of_area"
    NOT_OUR_SERVICE = "not_our_service"
    LACKS_LANGUAGE = "lacks_language"
    CLOSED_TEMPORARILY = "closed_temporarily"
    AGE = "age"
    OTHER_RULE = "other_rule"
    NO_LONGER_WANTED = "no_longer_wanted"
    COULD_NOT_REACH = "could_not_reach"
    NEED_ALREADY_MET = "need_already_met"
    ALREADY_ENROLLED = "already_enrolled"
    MISSING_INFORMATION = "missing_information"
    DUPLICATE = "duplicate"
    WRONG_RECIPIENT = "wrong_recipient"
    OTHER = "other"


class RecallReason(StrEnum):
    """Why a sender took a referral back."""

    NO_LONGER_WANTED = "no_longer_wanted"
    NEED_ALREADY_MET = "need_already_met"
    WRONG_RECIPIENT = "wrong_recipient"
    DUPLICATE = "duplicate"
    OTHER = "other"


class ReturnReason(StrEnum):
    """Why a queued referral went back to draft instead of being sent: the gate's refusal."""

    CONSENT_MISSING = "consent-missing"
    CONSENT_EXPIRED = "consent-expired"
    CONSENT_ENDED = "consent-ended"
    CONSENT_REFUSED = "consent-refused"
    ITEMS_NOT_RELEASED = "items-not-released"
    ITEMS_NOT_ALLOWED = "items-not-allowed"
    FIELDS_REQUIRED = "fields-required"
    RECEIVER_CLOSED = "receiver-closed"
    AGREEMENT_MISSING = "agreement-missing"


class PathEvent(Event):
    """Something that happened on one person's path."""

    subject_field = "path_id"
    path_id: UUID


class PathOpened(PathEvent, type="path.opened.v1"):
    """A path began at its home organisation."""

    organisation_id: UUID


class NeedStated(PathEvent, type="need.stated.v1"):
    """A need was written down; the organisation is its home."""

    need_id: UUID
    organisation_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency


class ConsentGiven(PathEvent, type="consent.given.v1"):
    """The person said yes to one edge: from, to, items, time."""

    consent_id: UUID
    kind: ConsentKind
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    fields: tuple[ItemField, ...]
    valid_until: datetime


class ConsentRefused(PathEvent, type="consent.refused.v1"):
    """The person said no, which is a full answer."""

    consent_id: UUID
    kind: ConsentKind
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID


class ConsentWithdrawn(PathEvent, type="consent.withdrawn.v1"):
    """The person took a consent back."""

    consent_id: UUID
    kind: ConsentKind
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID


class ConsentExpired(PathEvent, type="consent.expired.v1"):
    """A consent's time ran out."""

    consent_id: UUID
    kind: ConsentKind
    referral_id: UUID
    from_organisation_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID


class ReferralEvent(PathEvent):
    """Something that happened to one referral, with both its sides."""

    referral_id: UUID
    need_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    from_staff_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID


class ReferralDrafted(ReferralEvent, type="referral.drafted.v1"):
    """A hand-over was begun; nothing has left."""

    offering_id: UUID
    urgency: Urgency


class ReferralDiscarded(ReferralEvent, type="referral.discarded.v1"):
    """A draft was thrown away."""


class ReferralReturned(ReferralEvent, type="referral.returned.v1"):
    """The gate refused at the moment of sending: back to draft."""

    reason: ReturnReason


class ReferralSent(ReferralEvent, type="referral.sent.v1"):
    """A referral reached the receiving team, which owes an answer by a time."""

    offering_id: UUID
    urgency: Urgency
    answer_by: datetime


class ReferralOpened(ReferralEvent, type="referral.opened.v1"):
    """The receiver read what was released."""

    by_staff_id: UUID


class ReferralAccepted(ReferralEvent, type="referral.accepted.v1"):
    """The receiver took the person on."""

    to_staff_id: UUID
    first_contact_by: date


class ReferralDeclined(ReferralEvent, type="referral.declined.v1"):
    """The receiver could not take the person on."""

    reason: DeclineReason


class ReferralRecalled(ReferralEvent, type="referral.recalled.v1"):
    """The sender, or the person, took the referral back; the person owes no reason."""

    reason: RecallReason | None


class ReferralConsentLost(ReferralEvent, type="referral.consent_lost.v1"):
    """The consent that an open referral rested on has ended."""
