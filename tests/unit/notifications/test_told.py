"""Who is told what, event by event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.notifications.domain import (
    NoticeKind,
    Recipient,
    TellingEvent,
    address_of,
    told_about,
    urgency_of,
)
from services.notifications.domain.told import TEXT_KEYS, WHAT_IS_TOLD
from services.notifications.main import SERVICE
from shared.events import TOLD_BY, Event
from shared.events.base import Urgency
from shared.events.consents import ConsentExpired, ConsentKind, ConsentWithdrawn
from shared.events.referrals import (
    DeclineReason,
    RecallReason,
    ReferralAccepted,
    ReferralConsentLost,
    ReferralDeclined,
    ReferralRecalled,
    ReferralReturned,
    ReferralSent,
    ReturnReason,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PATH, REFERRAL, NEED, OFFERING, CONSENT = (UUID(int=number) for number in range(1, 6))
CITY, CITY_TEAM, CASEWORKER = (UUID(int=number) for number in range(11, 14))
CLUB, CLUB_TEAM, RECIPIENT = (UUID(int=number) for number in range(21, 24))

SIDES = {
    "path_id": PATH,
    "referral_id": REFERRAL,
    "need_id": NEED,
    "from_organisation_id": CITY,
    "from_team_id": CITY_TEAM,
    "from_staff_id": CASEWORKER,
    "to_organisation_id": CLUB,
    "to_team_id": CLUB_TEAM,
}


def sent(urgency: Urgency = Urgency.NORMAL) -> ReferralSent:
    return ReferralSent.model_validate(
        SIDES | {"offering_id": OFFERING, "urgency": urgency, "answer_by": NOON}
    )


def withdrawn(kind: ConsentKind = ConsentKind.SECRECY_RELEASE) -> ConsentWithdrawn:
    return ConsentWithdrawn.model_validate(SIDES | {"consent_id": CONSENT, "kind": kind})


def expired() -> ConsentExpired:
    return ConsentExpired.model_validate(withdrawn().model_dump())


ACCEPTED = ReferralAccepted.model_validate(
    SIDES | {"to_staff_id": RECIPIENT, "first_contact_by": date(2026, 5, 11)}
)
DECLINED = ReferralDeclined.model_validate(SIDES | {"reason": DeclineReason.NO_CAPACITY})
RECALLED = ReferralRecalled.model_validate(SIDES | {"reason": RecallReason.DUPLICATE})
RETURNED = ReferralReturned.model_validate(SIDES | {"reason": ReturnReason.CONSENT_ENDED})
CONSENT_LOST = ReferralConsentLost.model_validate(SIDES)

SENDER, TEAM = Recipient.SENDER, Recipient.RECEIVING_TEAM


@pytest.mark.parametrize(
    ("event", "notices"),
    [
        (sent(), [(TEAM, NoticeKind.REFERRAL_SENT)]),
        (ACCEPTED, [(SENDER, NoticeKind.REFERRAL_ACCEPTED)]),
        (DECLINED, [(SENDER, NoticeKind.REFERRAL_DECLINED)]),
        (RETURNED, [(SENDER, NoticeKind.REFERRAL_RETURNED)]),
        (RECALLED, [(TEAM, NoticeKind.REFERRAL_RECALLED)]),
        (CONSENT_LOST, [(SENDER, NoticeKind.REFERRAL_ENDED), (TEAM, NoticeKind.REFERRAL_ENDED)]),
        (withdrawn(), [(TEAM, NoticeKind.SHARING_ENDED)]),
        (withdrawn(ConsentKind.PROCESSING_CONSENT), [(TEAM, NoticeKind.SHARING_ENDED)]),
        (expired(), [(TEAM, NoticeKind.SHARING_ENDED)]),
        (withdrawn(ConsentKind.PARTICIPATION), []),
    ],
    ids=lambda value: value.type if isinstance(value, Event) else "",
)
def test_each_side_is_told_what_it_must_act_on(
    event: TellingEvent, notices: Sequence[tuple[Recipient, NoticeKind]]
) -> None:
    assert [(told.to, told.kind) for told in told_about(event)] == list(notices)


def test_a_withdrawal_and_an_expiry_cannot_be_told_apart() -> None:
    assert told_about(withdrawn()) == told_about(expired())


def test_a_team_that_was_told_nothing_learns_of_no_end() -> None:
    for event in (CONSENT_LOST, withdrawn(), expired()):
        assert all(told.only_if_known for told in told_about(event) if told.to is TEAM)


def test_the_sender_s_notice_goes_to_the_one_who_sent() -> None:
    address = address_of(ACCEPTED, SENDER)

    assert (address.organisation_id, address.team_id, address.staff_id) == (CITY, None, CASEWORKER)


def test_the_receiver_s_notice_goes_to_the_team_and_to_no_one_person() -> None:
    address = address_of(sent(), TEAM)

    assert (address.organisation_id, address.team_id, address.staff_id) == (CLUB, CLUB_TEAM, None)


def test_a_new_referral_is_as_urgent_as_its_sender_says() -> None:
    event = sent(Urgency.LOW)

    assert [urgency_of(event, told) for told in told_about(event)] == [Urgency.LOW]


def test_the_end_of_a_sharing_is_urgent() -> None:
    event = withdrawn()

    assert [urgency_of(event, told) for told in told_about(event)] == [Urgency.URGENT]


def test_every_kind_has_one_text() -> None:
    every = [told for row in WHAT_IS_TOLD.values() for told in row]

    assert set(TEXT_KEYS) == set(NoticeKind)
    assert all(TEXT_KEYS[told.kind] == told.text_key for told in every)
    assert len(set(TEXT_KEYS.values())) == len(NoticeKind)


@pytest.mark.parametrize("teller", SERVICE.hears)
def test_every_event_heard_is_told_or_excused_with_a_sentence(teller: str) -> None:
    hearing = SERVICE.hears[teller]

    assert set(hearing.reactions) | set(hearing.excused) == set(TOLD_BY[teller])
    assert not set(hearing.reactions) & set(hearing.excused)
    assert all(sentence.endswith(".") for sentence in hearing.excused.values())


def test_the_table_and_nothing_else_decides_what_is_heard() -> None:
    assert set(SERVICE.hears["referrals"].reactions) == set(WHAT_IS_TOLD)
