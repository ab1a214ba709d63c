"""What referrals tells of a referral's life."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from .base import Urgency
from .paths import PathEvent


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


class Party(StrEnum):
    """Who did it, or was silent; the clock and effects are nobody."""

    SENDER = "sender"
    RECEIVER = "receiver"
    PERSON = "person"


class Contact(StrEnum):
    """What came of trying to reach the person."""

    ATTEMPTED = "attempted"
    REACHED = "reached"
    BOOKED = "booked"
    NO_SHOW = "no_show"
    ATTENDED = "attended"


class Outcome(StrEnum):
    """What a completed referral led to, by the provider's word."""

    MET = "met"
    PARTLY_MET = "partly_met"
    UNMET = "unmet"


class Stage(StrEnum):
    """How far a silence has come; who is told at each stands in the domain's clocks."""

    REMINDER = "reminder"
    TEAM_LEAD = "team_lead"
    COORDINATOR = "coordinator"
    GAP = "gap"


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
    offering_id: UUID | None = None


class ReferralDeclined(ReferralEvent, type="referral.declined.v1"):
    """The receiver could not take the person on; for want of room it may say how many places are left."""

    reason: DeclineReason
    offering_id: UUID | None = None
    places_left: int | None = None


class ReferralRecalled(ReferralEvent, type="referral.recalled.v1"):
    """The sender, or the person, took the referral back; the person owes no reason."""

    reason: RecallReason | None


class ReferralConsentLost(ReferralEvent, type="referral.consent_lost.v1"):
    """The consent that an open referral rested on has ended."""


class ReferralAsked(ReferralEvent, type="referral.asked.v1"):
    """The receiver asks the sender something; its own clock stands still, the sender's runs."""

    answer_by: datetime


class ReferralAnswered(ReferralEvent, type="referral.answered.v1"):
    """The sender has answered; the receiver's clock goes on with what was left."""

    answer_by: datetime | None


class ReferralWaitlisted(ReferralEvent, type="referral.waitlisted.v1"):
    """The receiver wants the person and has no room yet; it looks again on a day."""

    review_on: date


class ReferralForwarded(ReferralEvent, type="referral.forwarded.v1"):
    """The receiver points at a better offering; the sender has an empty draft for it."""

    offering_id: UUID
    child_id: UUID


class ReferralStarted(ReferralEvent, type="referral.started.v1"):
    """They have met: from now on the receiver is accountable for the need."""


class ReferralContacted(ReferralEvent, type="referral.contacted.v1"):
    """Somebody tried to reach the person."""

    kind: Contact
    by: Party


class ReferralPaused(ReferralEvent, type="referral.paused.v1"):
    """What was begun rests until a day."""

    resume_on: date


class ReferralResumed(ReferralEvent, type="referral.resumed.v1"):
    """What rested goes on."""


class ReferralCompleted(ReferralEvent, type="referral.completed.v1"):
    """The receiver has done what it was to do."""

    outcome: Outcome


class ReferralEnded(ReferralEvent, type="referral.ended.v1"):
    """It was ended before it was done; why has a code of the declines."""

    reason: DeclineReason
    by: Party


class ReferralReopened(ReferralEvent, type="referral.reopened.v1"):
    """Whoever ended it took that back."""

    by: Party


class ReferralExpired(ReferralEvent, type="referral.expired.v1"):
    """The last escalation passed without an answer."""

    silent: Party


class ReferralMarkedInError(ReferralEvent, type="referral.marked_in_error.v1"):
    """It should never have been made; what was disclosed is locked."""

    was_accepted: bool


class ReferralReminded(ReferralEvent, type="referral.reminded.v1"):
    """The sender asks for the answer."""


class ReferralReassigned(ReferralEvent, type="referral.reassigned.v1"):
    """A colleague of the same team has it now."""

    side: Party
    staff_id: UUID


class ReferralOverdue(ReferralEvent, type="referral.overdue.v1"):
    """Somebody owes a step and the time for it has passed; each stage goes to somebody higher."""

    stage: Stage
    owed_by: Party
