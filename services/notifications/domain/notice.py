"""A notice: ids, a kind and a time; never a name, never why a consent ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Urgency


class NoticeKind(StrEnum):
    """What a notice says; pages have one sentence for each, the same for both sides."""

    REFERRAL_SENT = "referral_sent"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_DECLINED = "referral_declined"
    REFERRAL_RETURNED = "referral_returned"
    REFERRAL_RECALLED = "referral_recalled"
    REFERRAL_ENDED = "referral_ended"
    REFERRAL_ASKED = "referral_asked"
    REFERRAL_ANSWERED = "referral_answered"
    REFERRAL_REMINDED = "referral_reminded"
    REFERRAL_WAITLISTED = "referral_waitlisted"
    REFERRAL_FORWARDED = "referral_forwarded"
    REFERRAL_STARTED = "referral_started"
    REFERRAL_PAUSED = "referral_paused"
    REFERRAL_RESUMED = "referral_resumed"
    REFERRAL_COMPLETED = "referral_completed"
    REFERRAL_REOPENED = "referral_reopened"
    REFERRAL_EXPIRED = "referral_expired"
    REFERRAL_REASSIGNED = "referral_reassigned"
    REFERRAL_DUE = "referral_due"
    REFERRAL_LATE = "referral_late"
    REFERRAL_STALLED = "referral_stalled"
    OUTCOME_ASKED = "outcome_asked"
    OUTCOME_SAID = "outcome_said"
    GAP = "gap"
    STEP_REFUSED = "step_refused"
    STEP_WANTED = "step_wanted"
    CONSENT_RENEWED = "consent_renewed"
    CONSENT_EXPIRING = "consent_expiring"
    SHARING_CHANGED = "sharing_changed"
    SHARING_ENDED = "sharing_ended"
    COPY_UNANSWERED = "copy_unanswered"
    OFFER_OPENED = "offer_opened"
    OFFER_CLAIMED = "offer_claimed"
    OFFER_WON = "offer_won"
    OFFER_CLOSED = "offer_closed"
    OFFER_UNCLAIMED = "offer_unclaimed"

    @property
    def text_key(self) -> str:
        """By which a page finds its sentence."""
        return f"notice.{self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A team or one member of staff, in the organisation that may read the notice."""

    organisation_id: UUID
    team_id: UUID | None = None
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing said to one address because of one event.

    Without a referral it is about the path alone, or about an open offer; a team then finds no path.
    """

    id: UUID
    event_id: UUID
    to: Address
    kind: NoticeKind
    urgency: Urgency
    referral_id: UUID | None
    offer_id: UUID | None = None
    path_id: UUID
    told_at: datetime
