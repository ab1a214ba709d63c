"""What the two sides do once the person is taken on, and how an end is taken back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.referrals.domain.refusals import ConsentMissing, IllegalCommand, NeedBusy
from services.referrals.domain.transitions import Side, State
from shared.errors import Invalid, NotFound, NotYourSide
from shared.events.referrals import (
    Contact,
    DeclineReason,
    Outcome,
    Party,
    ReferralCompleted,
    ReferralContacted,
    ReferralEnded,
    ReferralMarkedInError,
    ReferralPaused,
    ReferralReassigned,
    ReferralReopened,
    ReferralResumed,
    ReferralStarted,
)
from tests.unit.referrals.makers import (
    AS_RECEIVER,
    AS_SENDER,
    CASEWORKER,
    NOON,
    RECIPIENT,
    SENDER,
    SENDING_TEAM,
    a_colleague,
    a_consent,
    a_referral,
)

AS_PERSON = frozenset({Side.PERSON})
AS_LEAD, AS_RECEIVERS_LEAD = frozenset({Side.SENDER_LEAD}), frozenset({Side.RECEIVER_LEAD})
LATER, EARLIER = NOON + timedelta(seconds=1), NOON - timedelta(days=1)


def test_they_have_met_and_the_clock_counts_from_then() -> None:
    accepted = a_referral(State.ACCEPTED)

    started, event = accepted.start(AS_RECEIVER, NOON, met_at=NOON)

    assert (started.state, started.last_contact_at) == (State.ACTIVE, NOON)
    assert event == ReferralStarted(**accepted.about())
    with pytest.raises(Invalid):
        accepted.start(AS_RECEIVER, NOON, met_at=LATER)


@pytest.mark.parametrize(
    ("state", "kind", "begins_anew"),
    [
        (State.ACTIVE, Contact.REACHED, True),
        (State.ACTIVE, Contact.ATTENDED, True),
        (State.ACTIVE, Contact.ATTEMPTED, False),
        (State.ACTIVE, Contact.NO_SHOW, False),
        (State.ACTIVE, Contact.BOOKED, False),
        (State.ACCEPTED, Contact.REACHED, False),
    ],
)
def test_only_a_contact_begins_an_active_referrals_clock_anew(
    state: State, kind: Contact, *, begins_anew: bool
) -> None:
    going_on = a_referral(state, since=1, version=3, last_contact_at=None)

    noted, event = going_on.note_contact(AS_SENDER, NOON, kind=kind, when=EARLIER)

    assert (noted.since, noted.last_contact_at) == ((4, EARLIER) if begins_anew else (1, None))
    assert (noted.state, noted.version) == (state, 4)
    assert event == ReferralContacted(**going_on.about(), kind=kind, by=Party.SENDER)


def test_what_is_booked_may_lie_ahead_and_nothing_else() -> None:
    active = a_referral(State.ACTIVE)

    assert active.note_contact(AS_RECEIVER, NOON, kind=Contact.BOOKED, when=LATER)
    with pytest.raises(Invalid):
        active.note_contact(AS_RECEIVER, NOON, kind=Contact.REACHED, when=LATER)


def test_a_pause_has_a_day_that_has_not_passed() -> None:
    active = a_referral(State.ACTIVE)

    paused, event = active.pause(AS_RECEIVER, NOON, resume_on=NOON.date())

    assert (paused.state, paused.resume_on) == (State.PAUSED, NOON.date())
    assert event == ReferralPaused(**active.about(), resume_on=NOON.date())
    with pytest.raises(Invalid):
        active.pause(AS_RECEIVER, NOON, resume_on=EARLIER.date())


def test_what_rested_goes_on_while_the_release_lives() -> None:
    paused = a_referral(State.PAUSED, resume_on=date(2026, 12, 1), last_contact_at=EARLIER)

    resumed, event = paused.resume(AS_RECEIVER, NOON, release=a_consent())

    assert (resumed.state, resumed.resume_on, resumed.last_contact_at) == (State.ACTIVE, None, NOON)
    assert event == ReferralResumed(**paused.about())
    with pytest.raises(ConsentMissing):
        paused.resume(AS_RECEIVER, NOON, release=None)


def test_completing_tells_the_outcome_and_notes_how_it_may_be_taken_back() -> None:
    active = a_referral(State.ACTIVE)

    done, event = active.complete(AS_RECEIVER, NOON, outcome=Outcome.MET)

    assert done.state is State.COMPLETED
    assert (done.ended_from, done.ended_by, done.ended_at) == (State.ACTIVE, Party.RECEIVER, NOON)
    assert event == ReferralCompleted(**active.about(), outcome=Outcome.MET)


@pytest.mark.parametrize(
    ("by", "party"),
    [(AS_SENDER, Party.SENDER), (AS_RECEIVER, Party.RECEIVER), (AS_PERSON, Party.PERSON)],
)
def test_an_end_is_its_givers_to_take_back(by: frozenset[Side], party: Party) -> None:
    paused = a_referral(State.PAUSED)

    ended, event = paused.end(by, NOON, reason=DeclineReason.OTHER)

    assert (ended.ended_from, ended.ended_by, ended.ended_at) == (State.PAUSED, party, NOON)
    assert event == ReferralEnded(**paused.about(), reason=DeclineReason.OTHER, by=party)
    assert "reopen" in ended.allowed(by)


def an_ended_one(**changes: Any) -> Any:
    usual = {"ended_from": State.ACTIVE, "ended_by": Party.RECEIVER, "ended_at": NOON}
    return a_referral(State.COMPLETED, **{**usual, **changes})


def reopening(ended: Any, by: frozenset[Side] = AS_RECEIVER, **changes: Any) -> Any:
    usual = {"at": LATER, "release": a_consent(), "need_is_busy": False, "need_is_gone": False}
    return ended.reopen(by, **{**usual, **changes})


def test_an_end_taken_back_leaves_nothing_of_it_and_a_fresh_clock() -> None:
    ended = an_ended_one()

    reopened, event = reopening(ended)

    assert (reopened.state, reopened.last_contact_at) == (State.ACTIVE, LATER)
    assert (reopened.ended_from, reopened.ended_by, reopened.ended_at) == (None, None, None)
    assert event == ReferralReopened(**ended.about(), by=Party.RECEIVER)


def test_nobody_takes_back_anothers_end() -> None:
    with pytest.raises(NotYourSide):
        reopening(an_ended_one(), AS_SENDER)


def test_an_end_stands_after_14_days_and_once_the_need_is_gone() -> None:
    last = NOON + timedelta(days=14)

    assert reopening(an_ended_one(), at=last)[0].state is State.ACTIVE
    for changes in ({"at": last + timedelta(seconds=1)}, {"need_is_gone": True}):
        with pytest.raises(IllegalCommand) as refused:
            reopening(an_ended_one(), **changes)
        assert refused.value.members == {"state": "completed", "allowed": []}


def test_an_end_stands_while_another_has_the_need_or_the_release_is_gone() -> None:
    with pytest.raises(NeedBusy):
        reopening(an_ended_one(), need_is_busy=True)
    with pytest.raises(ConsentMissing):
        reopening(an_ended_one(), release=None)


@pytest.mark.parametrize(
    ("state", "staff", "was_accepted"),
    [
        (State.SENT, None, False),
        (State.ACCEPTED, None, True),
        (State.ACTIVE, None, True),
        (State.PAUSED, None, True),
        (State.COMPLETED, RECIPIENT, True),
        (State.DECLINED, None, False),
    ],
)
def test_what_should_never_have_been_is_told_whether_somebody_took_it_on(
    state: State, staff: Any, *, was_accepted: bool
) -> None:
    ends = {"ended_from": State.OPENED, "ended_by": Party.RECEIVER, "ended_at": NOON}
    wrong = a_referral(state, to_staff_id=staff, **ends)

    marked, event = wrong.mark_error(AS_LEAD, NOON)

    assert (marked.state, marked.ended_from, marked.ended_by, marked.ended_at) == (
        State.IN_ERROR, None, None, None,
    )  # fmt: skip
    assert event == ReferralMarkedInError(**wrong.about(), was_accepted=was_accepted)


def test_each_side_gives_it_to_a_colleague_of_its_own_team() -> None:
    accepted, other = a_referral(State.ACCEPTED), SENDER
    ours = a_colleague(id=other, organisation_id=SENDER, team_id=SENDING_TEAM)

    given, event = accepted.reassign(AS_LEAD, NOON, staff=ours)
    there, told = accepted.reassign(AS_RECEIVERS_LEAD, NOON, staff=a_colleague())

    assert (given.from_staff_id, given.to_staff_id) == (other, None)
    assert event == ReferralReassigned(**given.about(), side=Party.SENDER, staff_id=other)
    assert (there.from_staff_id, there.to_staff_id) == (CASEWORKER, RECIPIENT)
    assert told == ReferralReassigned(**there.about(), side=Party.RECEIVER, staff_id=RECIPIENT)


def test_nobody_gives_it_to_the_other_sides_colleague() -> None:
    accepted = a_referral(State.ACCEPTED)
    ours = a_colleague(organisation_id=SENDER, team_id=SENDING_TEAM)

    with pytest.raises(NotFound):
        accepted.reassign(AS_LEAD, NOON, staff=a_colleague())
    with pytest.raises(NotFound):
        accepted.reassign(AS_RECEIVERS_LEAD, NOON, staff=ours)


def test_who_may_not_take_it_back_is_told_what_else_she_may() -> None:
    """A sender who is the team's lead too."""
    both = frozenset({Side.SENDER, Side.SENDER_LEAD})

    with pytest.raises(IllegalCommand) as refused:
        reopening(an_ended_one(ended_by=Party.SENDER), both, need_is_gone=True)

    assert refused.value.members["allowed"] == ["mark_error"]
