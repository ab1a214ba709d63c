"""Valid things; each takes only what matters to a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.referrals.domain.card import Card
from services.referrals.domain.colleague import Colleague
from services.referrals.domain.consent import Answer, Consent, GivenBy, Giver, Proof, Way
from services.referrals.domain.gate import Offering, Receiver
from services.referrals.domain.need_transitions import NeedSide, NeedState
from services.referrals.domain.needs import Need, OpenReferral
from services.referrals.domain.offers import Offer, OfferedTeam, OfferState
from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import Side, State
from shared.events.base import Area, ItemField, NeedCode, Theme, Urgency
from shared.events.consents import ConsentKind
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationKind, OrganisationStatus
from shared.events.paths import Closing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SENDER, RECEIVER, STRANGER = UUID(int=1), UUID(int=2), UUID(int=3)
SENDING_TEAM, RECEIVING_TEAM = UUID(int=11), UUID(int=12)
CASEWORKER, RECIPIENT = UUID(int=21), UUID(int=22)
REFERRAL, PATH, NEED, OFFERING, CONSENT = (UUID(int=number) for number in range(31, 36))
FIELDS = frozenset({ItemField.GIVEN_NAME, ItemField.PHONE})
WINNER = OfferedTeam(organisation_id=RECEIVER, team_id=RECEIVING_TEAM, offering_id=OFFERING)
LOSER = OfferedTeam(organisation_id=STRANGER, team_id=UUID(int=13), offering_id=UUID(int=41))

AS_SENDER = frozenset({Side.SENDER})
AS_RECEIVER = frozenset({Side.RECEIVER})
AT_HOME = frozenset({NeedSide.HOME})


def a_referral(state: State = State.DRAFT, **changes: Any) -> Referral:
    """A referral in a state, as it would stand there."""
    gone = state not in {State.DRAFT, State.DISCARDED, State.QUEUED}
    usual: dict[str, Any] = {
        "id": REFERRAL,
        "code": "Ö-BCDF-GH",
        "version": 1,
        "state": state,
        "path_id": PATH,
        "need_id": NEED,
        "offering_id": OFFERING,
        "from_organisation_id": SENDER,
        "from_team_id": SENDING_TEAM,
        "from_staff_id": CASEWORKER,
        "to_organisation_id": RECEIVER,
        "to_team_id": RECEIVING_TEAM,
        "card": a_card(),
        "fields": FIELDS,
        "sent_at": NOON if gone else None,
        "created_at": NOON,
        "changed_at": NOON,
    }
    return Referral(**{**usual, **changes})


def a_card(**changes: Any) -> Card:
    usual: dict[str, Any] = {
        "need_code": NeedCode.LANGUAGE,
        "area": Area.SODER,
        "age_band": "25-39",
        "language": "so",
        "urgency": Urgency.NORMAL,
    }
    return Card(**{**usual, **changes})


def a_consent(**changes: Any) -> Consent:
    """A yes to two items, for thirty days from noon."""
    usual: dict[str, Any] = {
        "id": CONSENT,
        "kind": ConsentKind.SECRECY_RELEASE,
        "answer": Answer.YES,
        "path_id": PATH,
        "referral_id": REFERRAL,
        "from_organisation_id": SENDER,
        "to_organisation_id": RECEIVER,
        "to_team_id": RECEIVING_TEAM,
        "fields": FIELDS,
        "purpose": "språkcafé",
        "conditions": (),
        "valid_from": NOON,
        "valid_until": NOON + timedelta(days=30),
        "proof": a_proof(),
    }
    return Consent(**{**usual, **changes})


def a_proof() -> Proof:
    return Proof(
        text_version=1,
        text_sha256="0" * 64,
        language="sv",
        given_how=Way.SPOKEN,
        given_by=(GivenBy(who=Giver.PERSON, at=NOON),),
        asked_by=CASEWORKER,
        interpreter=False,
    )


def an_offering(**changes: Any) -> Offering:
    usual: dict[str, Any] = {
        "id": OFFERING,
        "organisation_id": RECEIVER,
        "team_id": RECEIVING_TEAM,
        "kind": OfferingKind.UNASSESSED,
        "status": OfferingStatus.EXISTING,
        "required_fields": FIELDS,
    }
    return Offering(**{**usual, **changes})


def a_receiver(**changes: Any) -> Receiver:
    """An association that takes referrals under an agreement."""
    usual: dict[str, Any] = {
        "organisation_id": RECEIVER,
        "team_id": RECEIVING_TEAM,
        "kind": OrganisationKind.ASSOCIATION,
        "status": OrganisationStatus.ACTIVE,
        "offering": an_offering(),
        "agreed": True,
    }
    return Receiver(**{**usual, **changes})


def a_colleague(**changes: Any) -> Colleague:
    usual: dict[str, Any] = {
        "id": RECIPIENT,
        "organisation_id": RECEIVER,
        "team_id": RECEIVING_TEAM,
        "active": True,
        "pledge_version": 1,
    }
    return Colleague(**{**usual, **changes})


def a_need(state: NeedState = NeedState.OPEN, **changes: Any) -> Need:
    """A need in a state, as it would stand there."""
    usual: dict[str, Any] = {
        "id": NEED,
        "home_organisation_id": SENDER,
        "team_id": SENDING_TEAM,
        "path_id": PATH,
        "person_id": UUID(int=36),
        "code": NeedCode.LANGUAGE,
        "theme": Theme.INDIVIDUAL,
        "area": Area.SODER,
        "urgency": Urgency.NORMAL,
        "state": state,
        "parked_until": NOON.date() + timedelta(days=7) if state is NeedState.PARKED else None,
        "closed_as": Closing.MET if state is NeedState.CLOSED else None,
        "version": 1,
        "created_at": NOON,
    }
    return Need(**{**usual, **changes})


def an_open_referral(state: str) -> OpenReferral:
    return OpenReferral(id=REFERRAL, state=State(state), to_organisation_id=RECEIVER)


def an_offer(state: OfferState = OfferState.DRAFT, **changes: Any) -> Offer:
    """An offer in a state, as it would stand there."""
    opened = state not in {OfferState.DRAFT, OfferState.DISCARDED}
    usual: dict[str, Any] = {
        "id": UUID(int=51),
        "version": 1,
        "state": state,
        "path_id": PATH,
        "need_id": NEED,
        "from_organisation_id": SENDER,
        "from_team_id": SENDING_TEAM,
        "from_staff_id": CASEWORKER,
        "urgency": Urgency.NORMAL,
        "teams": (WINNER, LOSER),
        "fields": FIELDS,
        "opened_at": NOON if opened else None,
        "closes_at": NOON + timedelta(days=30) if opened else None,
        "closed_at": NOON if opened and state is not OfferState.OPEN else None,
        "created_at": NOON,
    }
    return Offer(**{**usual, **changes})
