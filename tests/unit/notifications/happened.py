"""Events about one referral between two organisations, and the addresses that they lead to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from services.notifications.domain import Address
from shared.events import Event
from shared.events.base import Urgency
from shared.events.consents import (
    ConsentExpired,
    ConsentExpiring,
    ConsentKind,
    ConsentNarrowed,
    ConsentRenewed,
    ConsentWithdrawn,
    DisclosureUnanswered,
)
from shared.events.offers import OfferClaimed, OfferClosed, OfferClosing, OfferOpened
from shared.events.referrals import (
    DeclineReason,
    Party,
    RecallReason,
    ReferralAccepted,
    ReferralDeclined,
    ReferralEnded,
    ReferralForwarded,
    ReferralOverdue,
    ReferralReassigned,
    ReferralRecalled,
    ReferralReopened,
    ReferralReturned,
    ReferralSent,
    ReturnReason,
    Stage,
)

E = TypeVar("E", bound=Event)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
A_DAY = date(2026, 5, 11)
A_CONSENT = UUID(int=6)
CITY, CITY_TEAM, CASEWORKER, CITY_COLLEAGUE = (UUID(int=number) for number in range(11, 15))
CLUB, CLUB_TEAM, RECIPIENT, CLUB_COLLEAGUE = (UUID(int=number) for number in range(21, 25))

SENDER = Address(organisation_id=CITY, staff_id=CASEWORKER)
SENDING_TEAM = Address(organisation_id=CITY, team_id=CITY_TEAM)
RECEIVING_TEAM = Address(organisation_id=CLUB, team_id=CLUB_TEAM)

AN_OFFER = UUID(int=9)
ASKED = [{"organisation_id": UUID(int=30 + nth), "team_id": UUID(int=40 + nth)} for nth in range(2)]
ONE_TEAM, OTHER_TEAM = (Address(**asked) for asked in ASKED)

SIDES = {
    "path_id": UUID(int=1),
    "referral_id": UUID(int=2),
    "need_id": UUID(int=3),
    "from_organisation_id": CITY,
    "from_team_id": CITY_TEAM,
    "from_staff_id": CASEWORKER,
    "to_organisation_id": CLUB,
    "to_team_id": CLUB_TEAM,
}
A_RELEASE = ConsentKind.SECRECY_RELEASE


def about(event: type[E], **more: Any) -> E:
    """An event about the one referral, with what else it says."""
    return event.model_validate(SIDES | more)


def own_no(event: type[E]) -> E:
    """The person's no to a step that has not begun, or that she took it back."""
    about = {"path_id": UUID(int=1), "step_id": UUID(int=9), "need_id": None}
    return event.model_validate({**about, "organisation_id": CITY, "team_id": CITY_TEAM})


def sent(urgency: Urgency = Urgency.NORMAL) -> ReferralSent:
    return about(ReferralSent, offering_id=UUID(int=4), urgency=urgency, answer_by=NOON)


def returned() -> ReferralReturned:
    return about(ReferralReturned, reason=ReturnReason.CONSENT_ENDED)


def accepted() -> ReferralAccepted:
    return about(ReferralAccepted, to_staff_id=RECIPIENT, first_contact_by=A_DAY)


def declined() -> ReferralDeclined:
    return about(ReferralDeclined, reason=DeclineReason.NO_CAPACITY)


def forwarded() -> ReferralForwarded:
    return about(ReferralForwarded, offering_id=UUID(int=4), child_id=UUID(int=5))


def recalled(reason: RecallReason | None) -> ReferralRecalled:
    return about(ReferralRecalled, reason=reason)


def ended(by: Party) -> ReferralEnded:
    return about(ReferralEnded, by=by, reason=DeclineReason.NO_LONGER_WANTED)


def reopened(by: Party) -> ReferralReopened:
    return about(ReferralReopened, by=by)


def reassigned(side: Party) -> ReferralReassigned:
    """To a colleague on that side."""
    staff_id = CITY_COLLEAGUE if side is Party.SENDER else CLUB_COLLEAGUE
    return about(ReferralReassigned, side=side, staff_id=staff_id)


def overdue(owed_by: Party, stage: Stage) -> ReferralOverdue:
    return about(ReferralOverdue, owed_by=owed_by, stage=stage)


def withdrawn(kind: ConsentKind = A_RELEASE) -> ConsentWithdrawn:
    return about(ConsentWithdrawn, consent_id=A_CONSENT, kind=kind)


def expired(kind: ConsentKind = A_RELEASE) -> ConsentExpired:
    return about(ConsentExpired, consent_id=A_CONSENT, kind=kind)


def renewed(kind: ConsentKind) -> ConsentRenewed:
    return about(ConsentRenewed, consent_id=A_CONSENT, renewed_id=UUID(int=7), kind=kind, valid_until=NOON)


def narrowed(kind: ConsentKind) -> ConsentNarrowed:
    return about(ConsentNarrowed, consent_id=A_CONSENT, kind=kind, dropped=(), valid_until=NOON)


def expiring(kind: ConsentKind) -> ConsentExpiring:
    return about(ConsentExpiring, consent_id=A_CONSENT, kind=kind, valid_until=NOON, days=7)


def offered(urgency: Urgency = Urgency.NORMAL) -> OfferOpened:
    """To two teams."""
    return about(OfferOpened, offer_id=AN_OFFER, teams=ASKED, urgency=urgency, closes_at=NOON)


def claimed() -> OfferClaimed:
    """By the receiving team; one other was asked."""
    said = {
        "offering_id": UUID(int=4),
        "urgency": Urgency.NORMAL,
        "answer_by": NOON,
        "by_staff_id": RECIPIENT,
    }
    return about(OfferClaimed, offer_id=AN_OFFER, others=ASKED[1:], **said)


def offer_closed(reason: OfferClosing) -> OfferClosed:
    return about(OfferClosed, offer_id=AN_OFFER, teams=ASKED, reason=reason)


def unanswered(stage: int) -> DisclosureUnanswered:
    return about(DisclosureUnanswered, consent_id=A_CONSENT, disclosure_id=UUID(int=8), stage=stage)
