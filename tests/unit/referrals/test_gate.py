"""The gate of sending, against an evaluator of its own."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain.consent import Answer, Consent, Ending
from services.referrals.domain.gate import Receiver, demand_room, pass_gate
from services.referrals.domain.profiles import PROFILES
from services.referrals.domain.refusals import (
    AgreementMissing,
    ConsentExpired,
    ConsentHasEnded,
    ConsentMissing,
    FieldsRequired,
    GateClosed,
    ItemsNotAllowed,
    ItemsNotReleased,
    PersonSaidNo,
    ReceiverClosed,
    ReceiverFull,
)
from shared.events.base import ItemField
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationKind, OrganisationStatus
from shared.events.referrals import ReturnReason
from tests.unit.referrals.makers import FIELDS, NOON, STRANGER, a_consent, a_receiver, an_offering

MORE = FIELDS | {ItemField.LANGUAGE}
FEWER = frozenset({ItemField.PHONE})
ENDED = {"ended_at": NOON, "version": 2}


def test_a_live_release_for_all_items_opens_the_gate() -> None:
    release = a_consent()

    assert pass_gate(consent=release, fields=FIELDS, receiver=a_receiver(), at=NOON) is release


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [
        (None, ConsentMissing),
        (a_consent(answer=Answer.NO), PersonSaidNo),
        (a_consent(**ENDED, ended_how=Ending.WITHDRAWN), ConsentHasEnded),
        (a_consent(**ENDED, ended_how=Ending.RENEWED), ConsentHasEnded),
        (a_consent(**ENDED, ended_how=Ending.UNUSED), ConsentHasEnded),
        (a_consent(**ENDED, ended_how=Ending.EXPIRED), ConsentExpired),
        (a_consent(**ENDED, ended_how=Ending.REPLACED), ConsentMissing),
        (a_consent(valid_until=NOON), ConsentExpired),
        (a_consent(valid_from=NOON + timedelta(seconds=1)), ConsentExpired),
        (a_consent(to_organisation_id=STRANGER), ConsentMissing),
        (a_consent(to_team_id=STRANGER), ConsentMissing),
        (a_consent(fields=FEWER), ItemsNotReleased),
    ],
)
def test_without_a_live_release_for_this_receiver_nothing_leaves(
    consent: Consent | None, refusal: type[GateClosed]
) -> None:
    with pytest.raises(refusal):
        pass_gate(consent=consent, fields=FIELDS, receiver=a_receiver(), at=NOON)


@pytest.mark.parametrize(
    ("receiver", "refusal"),
    [
        (a_receiver(status=OrganisationStatus.PAUSED), ReceiverClosed),
        (a_receiver(status=OrganisationStatus.CLOSED), ReceiverClosed),
        (a_receiver(offering=an_offering(status=OfferingStatus.PAUSED)), ReceiverClosed),
        (a_receiver(offering=an_offering(status=OfferingStatus.ENDED)), ReceiverClosed),
        (a_receiver(offering=an_offering(kind=OfferingKind.OPEN_DOOR)), ReceiverClosed),
        (a_receiver(offering=an_offering(team_id=STRANGER)), ReceiverClosed),
        (a_receiver(agreed=False), AgreementMissing),
        (a_receiver(offering=an_offering(required_fields=MORE)), FieldsRequired),
        (a_receiver(offering=an_offering(required_fields=FEWER)), ItemsNotAllowed),
        (a_receiver(kind=OrganisationKind.UNIVERSITY), ItemsNotAllowed),
    ],
)
def test_nothing_leaves_to_a_receiver_that_may_not_have_it(
    receiver: Receiver, refusal: type[GateClosed]
) -> None:
    with pytest.raises(refusal):
        pass_gate(consent=a_consent(), fields=FIELDS, receiver=receiver, at=NOON)


def test_a_refusal_names_the_fields() -> None:
    with pytest.raises(ItemsNotReleased) as refused:
        pass_gate(consent=a_consent(fields=FEWER), fields=FIELDS, receiver=a_receiver(), at=NOON)

    assert refused.value.members == {"fields": ["given_name"]}


fields = st.frozensets(
    st.sampled_from([ItemField.GIVEN_NAME, ItemField.PHONE, ItemField.LANGUAGE, ItemField.HEALTH])
)
endings = st.none() | st.sampled_from(Ending)
days = st.integers(-2, 2).map(timedelta)


@st.composite
def consents(draw: st.DrawFn) -> Consent | None:
    if draw(st.integers(0, 9)) == 0:
        return None
    ended = draw(endings)
    changes: dict[str, Any] = {
        "answer": draw(st.sampled_from(Answer)),
        "fields": draw(fields),
        "valid_from": NOON + draw(days),
        "valid_until": NOON + draw(days),
        "ended_how": ended,
        "ended_at": NOON if ended else None,
    }
    return a_consent(**changes)


@st.composite
def receivers(draw: st.DrawFn) -> Receiver:
    offering = an_offering(
        kind=draw(st.sampled_from(OfferingKind)),
        status=draw(st.sampled_from(OfferingStatus)),
        required_fields=draw(fields),
    )
    return a_receiver(
        kind=draw(st.sampled_from(OrganisationKind)),
        status=draw(st.sampled_from(OrganisationStatus)),
        agreed=draw(st.booleans()),
        offering=offering,
    )


def breaches_of_consent(consent: Consent | None, asked: frozenset[ItemField]) -> set[str]:
    """Every reason in the consent for a no, found without the gate's own order or words."""
    if consent is None or consent.ended_how == "replaced":
        return {"consent-missing"}
    in_time = consent.ended_how != "expired" and consent.valid_from <= NOON < consent.valid_until
    judged = {
        "consent-refused": consent.answer == "no",
        "consent-ended": consent.ended_how in {"withdrawn", "renewed", "unused"},
        "consent-expired": not in_time,
        "items-not-released": not asked <= consent.fields,
    }
    return {slug for slug, holds in judged.items() if holds}


def breaches_of_receiver(asked: frozenset[ItemField], receiver: Receiver) -> set[str]:
    """Every reason in the receiver for a no."""
    offering, profile = receiver.offering, PROFILES[receiver.kind]
    gone = offering.kind == "open_door" or offering.status in {"paused", "ended"}
    judged = {
        "receiver-closed": receiver.status != "active" or gone,
        "agreement-missing": not receiver.agreed,
        "items-not-allowed": any(one not in offering.required_fields or one not in profile for one in asked),
        "fields-required": any(one not in asked for one in offering.required_fields),
    }
    return {slug for slug, holds in judged.items() if holds}


@given(consents(), fields, receivers())
def test_the_gate_is_open_just_when_nothing_speaks_against_it(
    consent: Consent | None, asked: frozenset[ItemField], receiver: Receiver
) -> None:
    reasons = breaches_of_consent(consent, asked) | breaches_of_receiver(asked, receiver)

    if not reasons:
        assert pass_gate(consent=consent, fields=asked, receiver=receiver, at=NOON) is consent
        return
    with pytest.raises(GateClosed) as refused:
        pass_gate(consent=consent, fields=asked, receiver=receiver, at=NOON)
    assert refused.value.slug in reasons


@given(st.sampled_from(sorted(FIELDS)))
def test_any_single_item_taken_from_the_release_closes_the_gate(item: ItemField) -> None:
    narrower = replace(a_consent(), fields=FIELDS - {item})

    with pytest.raises(ItemsNotReleased):
        pass_gate(consent=narrower, fields=FIELDS, receiver=a_receiver(), at=NOON)


def test_every_refusal_of_the_gate_can_be_told() -> None:
    assert {refusal.slug for refusal in GateClosed.__subclasses__()} == set(ReturnReason)


@pytest.mark.parametrize(
    ("most", "open_there", "confirmed", "refused"),
    [
        (None, 1000, False, False),
        (3, 2, False, False),
        (3, 3, False, True),
        (3, 4, False, True),
        (3, 4, True, False),
    ],
)
def test_a_full_receiver_is_sent_to_by_those_who_confirm(
    most: int | None,
    open_there: int,
    confirmed: bool,  # noqa: FBT001
    refused: bool,  # noqa: FBT001
) -> None:
    receiver = a_receiver(most_at_once=most)

    with pytest.raises(ReceiverFull) if refused else nullcontext():
        demand_room(receiver, open_there=open_there, confirmed=confirmed)
