"""What referrals tells of open offers: one need, several teams that are asked, and the first to claim it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .base import Fact, ItemField, Urgency
from .consents import ConsentKind
from .paths import PathEvent
from .referrals import ReferralEvent


class OfferClosing(StrEnum):
    """Why an offer closed that nobody had claimed."""

    EXPIRED = "expired"
    RECALLED = "recalled"
    CONSENT_LOST = "consent_lost"


class TeamAsked(Fact):
    """A team that the person was told of."""

    organisation_id: UUID
    team_id: UUID


class OfferEvent(PathEvent):
    """Something that happened to one offer of a need."""

    offer_id: UUID
    need_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    from_staff_id: UUID


class OfferDrafted(OfferEvent, type="offer.drafted.v1"):
    """An offer was begun; no team knows of it."""

    teams: tuple[TeamAsked, ...]
    urgency: Urgency


class OfferDiscarded(OfferEvent, type="offer.discarded.v1"):
    """An offer that no team knew of was thrown away."""


class OfferOpened(OfferEvent, type="offer.opened.v1"):
    """Each of the teams may see the card, and claim it until a time."""

    teams: tuple[TeamAsked, ...]
    urgency: Urgency
    closes_at: datetime


class OfferClosed(OfferEvent, type="offer.closed.v1"):
    """It closed and nobody had claimed it: the need stays at home."""

    teams: tuple[TeamAsked, ...]
    reason: OfferClosing


class OfferClaimed(ReferralEvent, type="offer.claimed.v1"):
    """A team claimed it: it has the referral, opened, and owes an answer; the others are asked no more."""

    offer_id: UUID
    offering_id: UUID
    urgency: Urgency
    answer_by: datetime
    by_staff_id: UUID
    others: tuple[TeamAsked, ...]


class OfferConsentEvent(PathEvent):
    """Something that happened to a consent that names each team of an offer, before one has claimed it."""

    consent_id: UUID
    kind: ConsentKind
    offer_id: UUID
    from_organisation_id: UUID


class OfferConsentGiven(OfferConsentEvent, type="offer.consent_given.v1"):
    """The person said yes to whichever of the teams claims it first."""

    fields: tuple[ItemField, ...]
    valid_until: datetime


class OfferConsentRefused(OfferConsentEvent, type="offer.consent_refused.v1"):
    """The person said no to the offer, which is a full answer."""


class OfferConsentWithdrawn(OfferConsentEvent, type="offer.consent_withdrawn.v1"):
    """The person took her yes to the offer back."""


class OfferConsentExpired(OfferConsentEvent, type="offer.consent_expired.v1"):
    """The time of her yes to the offer ran out."""


class OfferConsentNarrowed(OfferConsentEvent, type="offer.consent_narrowed.v1"):
    """The person made the time of her yes to the offer shorter."""

    valid_until: datetime
