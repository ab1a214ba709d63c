"""Whom a notice about an event can go to: one address for each part that somebody has in it."""

from __future__ import annotations

from collections.abc import Iterable

from shared.events.consents import (
    ConsentExpired,
    ConsentExpiring,
    ConsentNarrowed,
    ConsentRenewed,
    ConsentWithdrawn,
    DisclosureUnanswered,
)
from shared.events.offers import OfferClaimed, OfferClosed, OfferEvent, OfferOpened, TeamAsked
from shared.events.paths import OwnNoEvent
from shared.events.referrals import Party, ReferralEvent, ReferralReassigned

from .notice import Address

ConsentEvent = ConsentWithdrawn | ConsentExpired | ConsentRenewed | ConsentNarrowed | ConsentExpiring
TellingEvent = ReferralEvent | ConsentEvent | DisclosureUnanswered | OfferEvent | OwnNoEvent


def sender(event: ReferralEvent | ConsentExpiring | OfferEvent) -> Address:
    """Whoever of the sending team has the referral."""
    return Address(organisation_id=event.from_organisation_id, staff_id=event.from_staff_id)


def sending_team(event: ReferralEvent | DisclosureUnanswered) -> Address:
    return Address(organisation_id=event.from_organisation_id, team_id=event.from_team_id)


def home_team(event: OwnNoEvent) -> Address:
    """The team that works with the person at home."""
    return Address(organisation_id=event.organisation_id, team_id=event.team_id)


def receiving_team(event: ReferralEvent | ConsentEvent | DisclosureUnanswered) -> Address:
    return Address(organisation_id=event.to_organisation_id, team_id=event.to_team_id)


def teams_asked(event: OfferOpened | OfferClosed) -> tuple[Address, ...]:
    return _teams(event.teams)


def other_teams(event: OfferClaimed) -> tuple[Address, ...]:
    """Those that were asked and did not get it."""
    return _teams(event.others)


def _teams(asked: Iterable[TeamAsked]) -> tuple[Address, ...]:
    return tuple(Address(organisation_id=one.organisation_id, team_id=one.team_id) for one in asked)


def colleague(event: ReferralReassigned) -> Address:
    """Whoever has got the referral from a colleague."""
    sends = event.side is Party.SENDER
    organisation = event.from_organisation_id if sends else event.to_organisation_id
    return Address(organisation_id=organisation, staff_id=event.staff_id)
