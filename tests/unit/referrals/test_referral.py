"""The verbs: what each changes, tells and refuses."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.consent import Ending
from services.referrals.domain.refusals import (
    AgreementMissing,
    ConditionsNotAccepted,
    ConsentExpired,
    ConsentHasEnded,
    IllegalCommand,
    NeedBusy,
    PledgeMissing,
)
from services.referrals.domain.transitions import OPEN_STATES, Command, Side, State
from shared.actor import Actor, ActorKind
from shared.errors import Invalid, NotFound
from shared.events.base import Role
from shared.events.referrals import DeclineReason, RecallReason, ReferralReturned, ReturnReason
from tests.unit.referrals.makers import (
    AS_RECEIVER,
    AS_SENDER,
    CONSENT,
    NOON,
    PATH,
    RECEIVER,
    RECEIVING_TEAM,
    RECIPIENT,
    SENDER,
    SENDING_TEAM,
    STRANGER,
    a_colleague,
    a_consent,
    a_receiver,
    a_referral,
)

TOMORROW = date(2026, 11, 21)


def test_sending_queues_under_the_release_and_discloses_nothing() -> None:
    queued = a_referral().send(
        AS_SENDER, NOON, release=a_consent(), receiver=a_receiver(), need_is_busy=False
    )

    assert (queued.state, queued.consent_id, queued.sent_at) == (State.QUEUED, CONSENT, None)


def test_a_need_has_one_open_referral() -> None:
    with pytest.raises(NeedBusy):
        a_referral().send(AS_SENDER, NOON, release=a_consent(), receiver=a_receiver(), need_is_busy=True)


def test_the_state_is_judged_before_the_gate() -> None:
    with pytest.raises(IllegalCommand):
        a_referral(State.SENT).send(AS_SENDER, NOON, release=None, receiver=a_receiver(), need_is_busy=False)


def test_dispatching_sets_when_an_answer_is_owed() -> None:
    sent, passed, event = a_referral(State.QUEUED).dispatch(NOON, release=a_consent(), receiver=a_receiver())

    assert (sent.state, sent.sent_at, passed.id) == (State.SENT, NOON, CONSENT)
    assert event.answer_by == sent.answer_by
    assert sent.answer_by is not None
    assert sent.answer_by.date() == date(2026, 11, 25)


def test_dispatching_meets_the_gate_again() -> None:
    with pytest.raises(AgreementMissing):
        a_referral(State.QUEUED).dispatch(NOON, release=a_consent(), receiver=a_receiver(agreed=False))


def test_a_refused_dispatch_is_turned_back_with_its_reason() -> None:
    queued = a_referral(State.QUEUED, consent_id=CONSENT)

    returned, event = queued.turn_back(ReturnReason.AGREEMENT_MISSING, NOON)

    assert (returned.state, returned.consent_id) == (State.DRAFT, None)
    assert isinstance(event, ReferralReturned)
    assert event.reason is ReturnReason.AGREEMENT_MISSING


def test_undoing_forgets_the_release() -> None:
    undone = a_referral(State.QUEUED, consent_id=CONSENT).undo(AS_SENDER, NOON)

    assert (undone.state, undone.consent_id) == (State.DRAFT, None)


def test_opening_notes_when_and_by_whom() -> None:
    opened, event = a_referral(State.SENT).open(
        AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(), conditions_accepted=True
    )

    assert (opened.state, opened.opened_at, event.by_staff_id) == (State.OPENED, NOON, RECIPIENT)


@pytest.mark.parametrize("pledge", [{"pledge_version": 0}, {"pledge_version": -1}])
def test_nobody_opens_without_the_current_pledge(pledge: dict[str, int]) -> None:
    with pytest.raises(PledgeMissing):
        a_referral(State.SENT).open(
            AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(**pledge), conditions_accepted=True
        )


def test_a_pledge_binds_no_further_than_it_was_signed() -> None:
    assert a_colleague(pledge_version=1).bound_by(7).pledge_version == 1
    assert a_colleague(pledge_version=1).bound_by(0).pledge_version == 0


def test_nobody_opens_without_accepting_the_conditions() -> None:
    with pytest.raises(ConditionsNotAccepted):
        a_referral(State.SENT).open(
            AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(), conditions_accepted=False
        )


def test_nobody_opens_or_accepts_after_the_consent() -> None:
    later = NOON + timedelta(days=31)
    withdrawn = a_consent(ended_at=NOON, ended_how=Ending.WITHDRAWN)

    with pytest.raises(ConsentExpired):
        a_referral(State.SENT).open(
            AS_RECEIVER, later, release=a_consent(), staff=a_colleague(), conditions_accepted=True
        )
    with pytest.raises(ConsentHasEnded):
        a_referral(State.OPENED).accept(
            AS_RECEIVER, NOON, release=withdrawn, staff=a_colleague(), first_contact_by=TOMORROW
        )


def test_accepting_names_who_is_responsible_and_by_when() -> None:
    accepted, event = a_referral(State.OPENED).accept(
        AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(), first_contact_by=TOMORROW
    )

    assert (accepted.state, accepted.to_staff_id) == (State.ACCEPTED, RECIPIENT)
    assert event.first_contact_by == TOMORROW


@pytest.mark.parametrize(
    ("staff", "refusal"),
    [
        ({"organisation_id": None}, NotFound),
        ({"organisation_id": STRANGER}, NotFound),
        ({"team_id": STRANGER}, Invalid),
        ({"active": False}, Invalid),
    ],
)
def test_only_an_active_colleague_of_the_team_takes_a_person_on(
    staff: dict[str, UUID | bool | None], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        a_referral(State.OPENED).accept(
            AS_RECEIVER, NOON, release=a_consent(), staff=a_colleague(**staff), first_contact_by=TOMORROW
        )


def test_first_contact_lies_ahead() -> None:
    with pytest.raises(Invalid):
        a_referral(State.OPENED).accept(
            AS_RECEIVER,
            NOON,
            release=a_consent(),
            staff=a_colleague(),
            first_contact_by=date(2026, 11, 19),
        )


def test_a_person_owes_no_reason_for_recalling() -> None:
    recalled, event = a_referral(State.OPENED).recall(frozenset({Side.PERSON}), NOON, reason=None)

    assert (recalled.state, event.reason) == (State.RECALLED, None)
    assert recalled.steps[-1].by_organisation_id is None


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_referral_is_lost_with_its_consent(state: State) -> None:
    lost, event = a_referral(state).lose_consent(NOON)

    assert lost.state is State.CONSENT_LOST
    assert event.subject == PATH


def test_a_step_is_shared_from_the_moment_of_sending() -> None:
    queued = a_referral().send(
        AS_SENDER, NOON, release=a_consent(), receiver=a_receiver(), need_is_busy=False
    )
    sent, _, _ = queued.dispatch(NOON, release=a_consent(), receiver=a_receiver())

    assert [(step.command, step.is_shared, step.version) for step in sent.steps] == [
        (Command.SEND, False, 2),
        (Command.DISPATCH, True, 3),
    ]


def test_a_change_of_a_draft_is_a_step_like_drafting() -> None:
    changed = a_referral().change(AS_SENDER, NOON, fields=frozenset())

    assert (changed.state, changed.version, changed.fields) == (State.DRAFT, 2, frozenset())


def test_only_a_draft_is_changed() -> None:
    with pytest.raises(IllegalCommand) as refused:
        a_referral(State.QUEUED).change(AS_SENDER, NOON)

    assert refused.value.members == {"state": "queued", "allowed": ["undo"]}


def test_declining_and_discarding_tell_of_themselves() -> None:
    declined, no = a_referral(State.SENT).decline(AS_RECEIVER, NOON, reason=DeclineReason.NO_CAPACITY)
    discarded, gone = a_referral().discard(AS_SENDER, NOON)
    recalled, back = a_referral(State.SENT).recall(AS_SENDER, NOON, reason=RecallReason.DUPLICATE)

    assert (declined.state, no.reason) == (State.DECLINED, DeclineReason.NO_CAPACITY)
    assert (discarded.state, gone.subject) == (State.DISCARDED, PATH)
    assert (recalled.state, back.reason) == (State.RECALLED, RecallReason.DUPLICATE)


@pytest.mark.parametrize(
    ("organisation", "team", "role", "sides"),
    [
        (SENDER, SENDING_TEAM, Role.CASEWORKER, {Side.SENDER}),
        (SENDER, SENDING_TEAM, Role.TEAM_LEAD, {Side.SENDER_LEAD}),
        (SENDER, SENDING_TEAM, Role.RECIPIENT, set()),
        (SENDER, RECEIVING_TEAM, Role.CASEWORKER, set()),
        (RECEIVER, RECEIVING_TEAM, Role.RECIPIENT, {Side.RECEIVER}),
        (RECEIVER, RECEIVING_TEAM, Role.TEAM_LEAD, {Side.RECEIVER_LEAD}),
        (STRANGER, SENDING_TEAM, Role.CASEWORKER, set()),
    ],
)
def test_a_side_is_a_team_of_an_organisation_in_a_role(
    organisation: UUID, team: UUID, role: Role, sides: set[Side]
) -> None:
    actor = Actor(
        kind=ActorKind.STAFF,
        id=UUID(int=9),
        organisation_id=organisation,
        team_id=team,
        roles=frozenset({role}),
    )

    assert a_referral(State.SENT).sides_of(actor) == sides


def test_before_it_is_sent_a_referral_has_no_receiving_side() -> None:
    actor = Actor(
        kind=ActorKind.STAFF,
        id=RECIPIENT,
        organisation_id=RECEIVER,
        team_id=RECEIVING_TEAM,
        roles=frozenset({Role.RECIPIENT}),
    )

    assert a_referral(State.QUEUED).sides_of(actor) == set()
