"""What the receiver answers, and what passes between the sides until there is an answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain.transitions import Side, State
from shared.errors import Invalid, RateLimited
from shared.events.base import Urgency
from shared.events.referrals import (
    DeclineReason,
    Party,
    ReferralAnswered,
    ReferralAsked,
    ReferralExpired,
    ReferralForwarded,
    ReferralReminded,
    ReferralWaitlisted,
)
from tests.unit.referrals.makers import (
    AS_RECEIVER,
    AS_SENDER,
    NOON,
    OFFERING,
    a_colleague,
    a_consent,
    a_referral,
)

HINT, CHILD = UUID(int=98), UUID(int=99)


def end_of(day: str) -> datetime:
    """The end of a Swedish winter day."""
    return datetime.fromisoformat(f"{day}T22:59:59").replace(tzinfo=UTC)


def test_a_question_gives_the_sender_three_working_days_and_keeps_what_the_receiver_had_left() -> None:
    opened = a_referral(State.OPENED, answer_by=end_of("2026-11-24"))

    asked, event = opened.ask(AS_RECEIVER, NOON)

    assert (asked.state, asked.asked_from, asked.days_left) == (State.INFO_REQUESTED, State.OPENED, 2)
    assert asked.answer_by == end_of("2026-11-25")
    assert event == ReferralAsked(**opened.about(), answer_by=asked.answer_by)


@pytest.mark.parametrize(
    ("owed", "left"), [(None, None), (end_of("2026-11-20"), 1), (end_of("2026-11-19"), 1)]
)
def test_what_is_left_is_at_least_a_day_and_none_where_nothing_was_owed(
    owed: datetime | None, left: int | None
) -> None:
    asked, _ = a_referral(State.WAITLISTED, answer_by=owed).ask(AS_RECEIVER, NOON)

    assert asked.days_left == left


@pytest.mark.parametrize(("left", "due"), [(2, end_of("2026-11-24")), (None, None)])
def test_an_answer_goes_back_to_where_it_was_asked_from(left: int | None, due: datetime | None) -> None:
    asked = a_referral(
        State.INFO_REQUESTED, asked_from=State.OPENED, days_left=left, answer_by=end_of("2026-11-25")
    )

    answered, event = asked.answer(AS_SENDER, NOON)

    assert (answered.state, answered.answer_by) == (State.OPENED, due)
    assert (answered.asked_from, answered.days_left) == (None, None)
    assert event == ReferralAnswered(**asked.about(), answer_by=due)


def test_waiting_stops_the_receivers_clock_until_the_day_of_review() -> None:
    opened, last = a_referral(State.OPENED, answer_by=end_of("2026-11-25")), date(2027, 2, 18)

    waiting, event = opened.waitlist(AS_RECEIVER, NOON, review_on=last)

    assert (waiting.state, waiting.review_on, waiting.answer_by) == (State.WAITLISTED, last, None)
    assert event == ReferralWaitlisted(**opened.about(), review_on=last)


@pytest.mark.parametrize("review_on", [date(2026, 11, 19), date(2027, 2, 19)])
def test_a_review_lies_ahead_and_at_most_90_days(review_on: date) -> None:
    with pytest.raises(Invalid) as refused:
        a_referral(State.OPENED).waitlist(AS_RECEIVER, NOON, review_on=review_on)

    assert "'review_on'" in str(refused.value.members["errors"])


def test_forwarding_names_the_better_offering_and_the_senders_new_draft() -> None:
    opened = a_referral(State.OPENED)

    forwarded, event = opened.forward(AS_RECEIVER, NOON, offering_id=HINT, child_id=CHILD)

    assert forwarded.state is State.FORWARDED
    assert event == ReferralForwarded(**opened.about(), offering_id=HINT, child_id=CHILD)


def test_nothing_is_forwarded_to_where_it_came() -> None:
    with pytest.raises(Invalid) as refused:
        a_referral(State.OPENED).forward(AS_RECEIVER, NOON, offering_id=OFFERING, child_id=CHILD)

    assert "'offering_id'" in str(refused.value.members["errors"])


def test_a_reminder_is_noted_and_told() -> None:
    sent = a_referral(State.SENT)

    reminded, event = sent.remind(AS_SENDER, NOON)

    assert (reminded.state, reminded.reminded_at) == (State.SENT, NOON)
    assert event == ReferralReminded(**sent.about())


def test_a_reminder_is_given_once_in_two_working_days() -> None:
    reminded = a_referral(State.SENT, reminded_at=NOON)

    with pytest.raises(RateLimited) as refused:
        reminded.remind(AS_SENDER, NOON + timedelta(days=3))
    again, _ = reminded.remind(AS_SENDER, NOON + timedelta(days=4))

    assert refused.value.members == {"again_on": "2026-11-24"}
    assert again.reminded_at == NOON + timedelta(days=4)


@pytest.mark.parametrize(
    ("state", "silent"),
    [(State.SENT, Party.RECEIVER), (State.INFO_REQUESTED, Party.SENDER), (State.WAITLISTED, Party.RECEIVER)],
)
def test_giving_up_notes_who_was_silent(state: State, silent: Party) -> None:
    waiting = a_referral(state)

    expired, event = waiting.expire(NOON)

    assert (expired.state, expired.steps[-1].by_side) == (State.EXPIRED, Side.CLOCK)
    assert event == ReferralExpired(**waiting.about(), silent=silent)


def test_whoever_accepts_owes_a_contact_and_no_answer_any_more() -> None:
    opened = a_referral(State.OPENED, answer_by=end_of("2026-11-25"))

    accepted, _ = opened.accept(
        AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(), first_contact_by=NOON.date()
    )

    assert (accepted.answer_by, accepted.first_contact_by) == (None, NOON.date())


def test_a_no_says_of_which_offering_and_how_many_places_are_left() -> None:
    sent = a_referral(State.SENT)

    _, event = sent.decline(AS_RECEIVER, NOON, reason=DeclineReason.NO_CAPACITY, places_left=0)

    assert (event.offering_id, event.places_left) == (sent.offering_id, 0)


def test_a_no_can_be_taken_back_by_the_receiver_to_where_it_was() -> None:
    declined, _ = a_referral(State.WAITLISTED).decline(AS_RECEIVER, NOON, reason=DeclineReason.AGE)

    ended: tuple[Any, ...] = (declined.ended_from, declined.ended_by, declined.ended_at)
    assert ended == (State.WAITLISTED, Party.RECEIVER, NOON)
    assert declined.card.urgency is Urgency.NORMAL
