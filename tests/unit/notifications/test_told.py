"""Who is told what, event by event."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.notifications.domain import (
    WHAT_IS_TOLD,
    Address,
    NoticeKind,
    TellingEvent,
    told_about,
    urgency_of,
)
from services.notifications.domain.recipients import receiving_team
from services.notifications.main import SERVICE
from shared.events import TOLD_BY, Event
from shared.events.base import Urgency
from shared.events.consents import (
    ConsentExpired,
    ConsentKind,
    ConsentNarrowed,
    ConsentRenewed,
    ConsentWithdrawn,
    DisclosureUnanswered,
)
from shared.events.offers import OfferClosing
from shared.events.outcomes import OutcomeAsked, OutcomeSaid, Voice
from shared.events.paths import StepRefused, StepWanted
from shared.events.referrals import (
    Outcome,
    Party,
    RecallReason,
    ReferralAnswered,
    ReferralAsked,
    ReferralCompleted,
    ReferralConsentLost,
    ReferralExpired,
    ReferralMarkedInError,
    ReferralOverdue,
    ReferralPaused,
    ReferralReminded,
    ReferralResumed,
    ReferralStarted,
    ReferralWaitlisted,
    Stage,
)
from tests.unit.notifications import happened
from tests.unit.notifications.happened import (
    ONE_TEAM,
    OTHER_TEAM,
    RECEIVING_TEAM,
    SENDER,
    SENDING_TEAM,
    about,
)

BY_THE_CITY = Address(organisation_id=happened.CITY, staff_id=happened.CITY_COLLEAGUE)
AT_THE_CLUB = Address(organisation_id=happened.CLUB, staff_id=happened.CLUB_COLLEAGUE)
A_RELEASE, A_PARTICIPATION = ConsentKind.SECRECY_RELEASE, ConsentKind.PARTICIPATION
NEWS = (Voice.PROVIDER, Voice.PERSON)
OWN_WORDS = (Voice.SENDER, Voice.ORGANISATION, Voice.SOCIETY)

CASES: Sequence[tuple[TellingEvent, Sequence[tuple[Address, str]]]] = [
    (happened.sent(), [(RECEIVING_TEAM, "referral_sent")]),
    (happened.returned(), [(SENDER, "referral_returned")]),
    (about(ReferralAsked, answer_by=happened.NOON), [(SENDER, "referral_asked")]),
    (about(ReferralAnswered, answer_by=None), [(RECEIVING_TEAM, "referral_answered")]),
    (about(ReferralReminded), [(RECEIVING_TEAM, "referral_reminded")]),
    (about(ReferralWaitlisted, review_on=happened.A_DAY), [(SENDER, "referral_waitlisted")]),
    (happened.accepted(), [(SENDER, "referral_accepted")]),
    (happened.declined(), [(SENDER, "referral_declined")]),
    (happened.forwarded(), [(SENDER, "referral_forwarded")]),
    (happened.recalled(RecallReason.DUPLICATE), [(RECEIVING_TEAM, "referral_recalled")]),
    (happened.recalled(None), [(RECEIVING_TEAM, "referral_recalled"), (SENDER, "referral_recalled")]),
    (about(ReferralStarted), [(SENDER, "referral_started")]),
    (about(ReferralPaused, resume_on=happened.A_DAY), [(SENDER, "referral_paused")]),
    (about(ReferralResumed), [(SENDER, "referral_resumed")]),
    (about(ReferralCompleted, outcome=Outcome.MET), [(SENDER, "referral_completed")]),
    (about(OutcomeAsked, voices=(Voice.SENDER, Voice.PERSON)), [(SENDER, "outcome_asked")]),
    (about(OutcomeAsked, voices=(Voice.PERSON,)), []),
    *((about(OutcomeSaid, voice=voice, met=Outcome.MET), []) for voice in OWN_WORDS),
    *((about(OutcomeSaid, voice=voice, met=Outcome.MET), [(SENDER, "outcome_said")]) for voice in NEWS),
    (happened.own_no(StepRefused), [(SENDING_TEAM, "step_refused")]),
    (happened.own_no(StepWanted), [(SENDING_TEAM, "step_wanted")]),
    (happened.ended(Party.SENDER), [(RECEIVING_TEAM, "referral_ended")]),
    (happened.ended(Party.RECEIVER), [(SENDER, "referral_ended")]),
    (happened.ended(Party.PERSON), [(SENDER, "referral_ended"), (RECEIVING_TEAM, "referral_ended")]),
    (happened.reopened(Party.SENDER), [(RECEIVING_TEAM, "referral_reopened")]),
    (happened.reopened(Party.RECEIVER), [(SENDER, "referral_reopened")]),
    (
        happened.reopened(Party.PERSON),
        [(SENDER, "referral_reopened"), (RECEIVING_TEAM, "referral_reopened")],
    ),
    (
        about(ReferralExpired, silent=Party.RECEIVER),
        [(SENDER, "referral_expired"), (RECEIVING_TEAM, "referral_expired")],
    ),
    (happened.reassigned(Party.SENDER), [(BY_THE_CITY, "referral_reassigned")]),
    (happened.reassigned(Party.RECEIVER), [(AT_THE_CLUB, "referral_reassigned")]),
    (about(ReferralMarkedInError, was_accepted=True), [(RECEIVING_TEAM, "sharing_ended")]),
    (about(ReferralMarkedInError, was_accepted=False), [(RECEIVING_TEAM, "sharing_ended")]),
    (happened.overdue(Party.SENDER, Stage.REMINDER), [(SENDER, "referral_due")]),
    (happened.overdue(Party.SENDER, Stage.TEAM_LEAD), [(SENDING_TEAM, "referral_late")]),
    (happened.overdue(Party.SENDER, Stage.COORDINATOR), [(SENDER, "referral_stalled")]),
    (happened.overdue(Party.SENDER, Stage.GAP), [(SENDER, "gap")]),
    (happened.overdue(Party.RECEIVER, Stage.REMINDER), [(RECEIVING_TEAM, "referral_due")]),
    (happened.overdue(Party.RECEIVER, Stage.TEAM_LEAD), [(RECEIVING_TEAM, "referral_late")]),
    (happened.overdue(Party.RECEIVER, Stage.COORDINATOR), [(SENDER, "referral_stalled")]),
    (happened.overdue(Party.RECEIVER, Stage.GAP), [(SENDER, "gap")]),
    (about(ReferralConsentLost), [(SENDER, "referral_ended"), (RECEIVING_TEAM, "referral_ended")]),
    (happened.withdrawn(A_RELEASE), [(RECEIVING_TEAM, "sharing_ended")]),
    (happened.withdrawn(ConsentKind.PROCESSING_CONSENT), [(RECEIVING_TEAM, "sharing_ended")]),
    (happened.withdrawn(A_PARTICIPATION), []),
    (happened.expired(A_RELEASE), [(RECEIVING_TEAM, "sharing_ended")]),
    (happened.expired(A_PARTICIPATION), []),
    (happened.narrowed(A_RELEASE), [(RECEIVING_TEAM, "sharing_changed")]),
    (happened.narrowed(A_PARTICIPATION), []),
    (happened.renewed(A_RELEASE), [(RECEIVING_TEAM, "consent_renewed")]),
    (happened.renewed(A_PARTICIPATION), []),
    (happened.expiring(A_RELEASE), [(SENDER, "consent_expiring")]),
    (happened.expiring(A_PARTICIPATION), [(SENDER, "consent_expiring")]),
    (happened.offered(), [(ONE_TEAM, "offer_opened"), (OTHER_TEAM, "offer_opened")]),
    (
        happened.claimed(),
        [(SENDER, "offer_claimed"), (RECEIVING_TEAM, "offer_won"), (OTHER_TEAM, "offer_closed")],
    ),
    (
        happened.offer_closed(OfferClosing.EXPIRED),
        [(ONE_TEAM, "offer_closed"), (OTHER_TEAM, "offer_closed"), (SENDER, "offer_unclaimed")],
    ),
    (
        happened.offer_closed(OfferClosing.RECALLED),
        [(ONE_TEAM, "offer_closed"), (OTHER_TEAM, "offer_closed")],
    ),
    (happened.unanswered(stage=1), [(RECEIVING_TEAM, "copy_unanswered")]),
    (happened.unanswered(stage=2), [(RECEIVING_TEAM, "copy_unanswered")]),
    (happened.unanswered(stage=3), [(SENDING_TEAM, "copy_unanswered")]),
]


@pytest.mark.parametrize(
    ("event", "notices"), CASES, ids=lambda value: value.type if isinstance(value, Event) else ""
)
def test_each_side_is_told_what_it_must_act_on(
    event: TellingEvent, notices: Sequence[tuple[Address, str]]
) -> None:
    said = [(to, told.kind) for told in told_about(event) for to in told.addresses(event)]

    assert said == notices


def test_every_row_of_the_table_has_its_case() -> None:
    told = {row for event, _ in CASES for row in told_about(event)}

    assert told == {row for rows in WHAT_IS_TOLD.values() for row in rows}


def test_a_withdrawal_and_an_expiry_cannot_be_told_apart() -> None:
    assert told_about(happened.withdrawn()) == told_about(happened.expired())


def test_why_an_offer_closed_cannot_be_told_apart() -> None:
    lost, expired = (happened.offer_closed(why) for why in (OfferClosing.CONSENT_LOST, OfferClosing.EXPIRED))

    assert told_about(lost) == told_about(expired)


def test_what_is_told_of_an_offer_leads_a_team_to_nobody() -> None:
    offers: list[TellingEvent] = [
        happened.offered(),
        happened.claimed(),
        happened.offer_closed(OfferClosing.EXPIRED),
    ]
    to_teams = [
        told
        for event in offers
        for told in told_about(event)
        if told.kind in {NoticeKind.OFFER_OPENED, NoticeKind.OFFER_CLOSED}
    ]

    assert {told.without_path for told in to_teams} == {True}
    assert {told.kind for event in offers for told in told_about(event) if not told.without_path} == {
        NoticeKind.OFFER_CLAIMED,
        NoticeKind.OFFER_WON,
        NoticeKind.OFFER_UNCLAIMED,
    }


def test_a_team_that_was_told_nothing_learns_of_nothing_that_can_happen_before_the_sending() -> None:
    quiet = {type(event) for event, _ in CASES if any(told.only_if_known for told in told_about(event))}

    assert quiet == {
        ReferralConsentLost,
        ReferralMarkedInError,
        ConsentWithdrawn,
        ConsentExpired,
        ConsentNarrowed,
        ConsentRenewed,
    }
    assert all(
        told.to is receiving_team for rows in WHAT_IS_TOLD.values() for told in rows if told.only_if_known
    )


def test_a_new_referral_is_as_urgent_as_its_sender_says() -> None:
    for event in (happened.sent(Urgency.LOW), happened.offered(Urgency.LOW)):
        assert [urgency_of(event, told) for told in told_about(event)] == [Urgency.LOW]


def test_only_a_lateness_and_the_loss_of_something_shared_are_urgent() -> None:
    urgent = {
        (type(event), told.kind)
        for event, _ in CASES
        for told in told_about(event)
        if urgency_of(event, told) is Urgency.URGENT
    }

    assert urgent == {
        (ReferralOverdue, "referral_late"),
        (ReferralOverdue, "referral_stalled"),
        (ReferralOverdue, "gap"),
        (ReferralConsentLost, "referral_ended"),
        (ReferralMarkedInError, "sharing_ended"),
        (ConsentWithdrawn, "sharing_ended"),
        (ConsentExpired, "sharing_ended"),
        (ConsentNarrowed, "sharing_changed"),
        (DisclosureUnanswered, "copy_unanswered"),
    }


def test_every_kind_is_told_of_something() -> None:
    assert {told.kind for rows in WHAT_IS_TOLD.values() for told in rows} == set(NoticeKind)


@pytest.mark.parametrize("teller", SERVICE.hears)
def test_every_event_heard_is_told_or_excused_with_a_sentence_of_its_own(teller: str) -> None:
    hearing = SERVICE.hears[teller]

    assert set(hearing.reactions) | set(hearing.excused) == set(TOLD_BY[teller])
    assert not set(hearing.reactions) & set(hearing.excused)
    assert all(sentence.endswith(".") for sentence in hearing.excused.values())
    assert len(set(hearing.excused.values())) == len(hearing.excused)


def test_the_table_and_nothing_else_decides_what_is_heard() -> None:
    assert set(SERVICE.hears["referrals"].reactions) == set(WHAT_IS_TOLD)
