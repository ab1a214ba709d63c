"""A notice: ids, a kind and a time; never a name, never why a consent ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.base import Urgency


class NoticeKind(StrEnum):
    """What a notice says; pages have one sentence for each."""

    REFERRAL_SENT = "referral_sent"
    REFERRAL_ACCEPTED = "referral_accepted"
    REFERRAL_DECLINED = "referral_declined"
    REFERRAL_RETURNED = "referral_returned"
    REFERRAL_RECALLED = "referral_recalled"
    REFERRAL_ENDED = "referral_ended"
    SHARING_ENDED = "sharing_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A team or one member of staff, in the organisation that may read the notice."""

    organisation_id: UUID
    team_id: UUID | None = None
    staff_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing said to one address because of one event."""

    id: UUID
    event_id: UUID
    to: Address
    kind: NoticeKind
    urgency: Urgency
    referral_id: UUID
    path_id: UUID
    told_at: datetime
