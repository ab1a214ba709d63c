"""What is owed in each state, by whom and by when, by the page of the domain; Friday noon is the start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.referrals.domain.clocks import afresh, owed_by, rings_of
from services.referrals.domain.transitions import CLOSED_STATES, State
from shared.events.base import Urgency
from shared.events.referrals import Party
from tests.unit.referrals.makers import NOON, a_card, a_referral


def end_of(day: str) -> datetime:
    """The end of a Swedish winter day."""
    return datetime.fromisoformat(f"{day}T22:59:59").replace(tzinfo=UTC)


WEDNESDAY = date(2026, 11, 25)
ANSWER = {"answer_by": end_of("2026-11-25")}
GIVEN_UP = {
    "reminder": end_of("2026-11-25"),
    "team_lead": end_of("2026-11-26"),
    "coordinator": end_of("2026-11-27"),
    "expire": end_of("2026-12-02"),
}
NEXT_STEP = {"team_lead": end_of("2026-11-25"), "gap": end_of("2026-11-26")}


@pytest.mark.parametrize(
    ("state", "changes", "rings"),
    [
        (State.DRAFT, {}, {"reminder": NOON + timedelta(days=14)}),
        (State.QUEUED, {}, {}),
        (State.DISCARDED, {}, {}),
        (State.SENT, ANSWER, GIVEN_UP),
        (State.OPENED, ANSWER, GIVEN_UP),
        (State.OPENED, {"answer_by": None}, {}),
        (State.INFO_REQUESTED, ANSWER, {name: at for name, at in GIVEN_UP.items() if name != "coordinator"}),
        (State.WAITLISTED, {"review_on": WEDNESDAY}, {**GIVEN_UP, "expire": end_of("2026-12-09")}),
        (State.WAITLISTED, {"review_on": None}, {}),
        (
            State.ACCEPTED,
            {"first_contact_by": WEDNESDAY},
            {
                "reminder": end_of("2026-11-25"),
                "team_lead": end_of("2026-11-26"),
                "coordinator": end_of("2026-11-30"),
                "gap": end_of("2026-12-01"),
            },
        ),
        (State.ACTIVE, {}, {"reminder": NOON + timedelta(days=30)}),
        (
            State.ACTIVE,
            {"last_contact_at": NOON - timedelta(days=2)},
            {"reminder": NOON + timedelta(days=28)},
        ),
        (
            State.PAUSED,
            {"resume_on": WEDNESDAY},
            {
                "reminder": end_of("2026-11-25"),
                "team_lead": end_of("2026-11-30"),
                "gap": end_of("2026-12-01"),
            },
        ),
        (
            State.COMPLETED,
            {},
            {"ask_how_it_went": NOON + timedelta(days=14), "note_silence": end_of("2026-12-18")},
        ),
        *((state, {}, NEXT_STEP) for state in sorted(CLOSED_STATES - {State.COMPLETED})),
    ],
)
def test_each_state_rings_when_the_domain_says(
    state: State, changes: dict[str, Any], rings: dict[str, datetime]
) -> None:
    assert rings_of(a_referral(state, **changes)) == rings


def test_what_came_to_an_end_is_every_state_but_the_open_and_the_drafts() -> None:
    assert sorted(CLOSED_STATES) == [
        "completed", "consent_lost", "declined", "ended", "expired", "forwarded", "in_error", "recalled",
    ]  # fmt: skip


def test_the_receiver_owes_what_it_was_sent_and_took_on_and_the_sender_the_rest() -> None:
    receivers = {State.SENT, State.OPENED, State.WAITLISTED, State.ACCEPTED, State.ACTIVE, State.PAUSED}
    senders = {State.DRAFT, State.INFO_REQUESTED} | CLOSED_STATES

    assert {state for state in receivers | senders if owed_by(state) is Party.RECEIVER} == receivers


PAST, TODAY, AHEAD = date(2026, 11, 19), date(2026, 11, 20), date(2026, 12, 24)


@pytest.mark.parametrize(
    ("state", "changes", "fresh"),
    [
        (State.SENT, {}, {"answer_by": end_of("2026-11-25")}),
        (State.OPENED, {"card": a_card(urgency=Urgency.URGENT)}, {"answer_by": end_of("2026-11-23")}),
        (State.INFO_REQUESTED, {}, {"answer_by": end_of("2026-11-25")}),
        (State.ACTIVE, {}, {"last_contact_at": NOON}),
        (State.WAITLISTED, {"review_on": PAST}, {"review_on": WEDNESDAY}),
        (State.WAITLISTED, {"review_on": TODAY}, {"review_on": TODAY}),
        (State.ACCEPTED, {"first_contact_by": PAST}, {"first_contact_by": WEDNESDAY}),
        (State.ACCEPTED, {"first_contact_by": AHEAD}, {"first_contact_by": AHEAD}),
        (State.PAUSED, {"resume_on": PAST}, {"resume_on": WEDNESDAY}),
        (State.PAUSED, {"resume_on": None}, {"resume_on": WEDNESDAY}),
        (State.PAUSED, {"resume_on": AHEAD}, {"resume_on": AHEAD}),
    ],
)
def test_what_is_reopened_has_time_again_and_keeps_a_day_that_lies_ahead(
    state: State, changes: dict[str, Any], fresh: dict[str, Any]
) -> None:
    assert afresh(a_referral(state, **changes), NOON) == fresh
