"""Who meets a referral on which side, and what its timeline keeps of a step."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import Side, State
from shared.actor import Actor, ActorKind
from shared.events.base import Role
from shared.events.referrals import DeclineReason, Party
from tests.unit.referrals.makers import (
    AS_RECEIVER,
    AS_SENDER,
    CASEWORKER,
    NOON,
    RECEIVER,
    RECEIVING_TEAM,
    RECIPIENT,
    SENDER,
    SENDING_TEAM,
    a_colleague,
    a_referral,
)


def a_member(role: Role, *, id: UUID, org: UUID, team: UUID) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=id, organisation_id=org, team_id=team, roles=frozenset({role}))


def test_a_person_meets_her_own_referral_as_herself_alone() -> None:
    herself = Actor(
        kind=ActorKind.PERSON,
        id=CASEWORKER,
        organisation_id=SENDER,
        team_id=SENDING_TEAM,
        roles=frozenset({Role.PERSON, Role.CASEWORKER}),
    )

    assert a_referral(State.SENT).sides_of(herself) == {Side.PERSON}


def test_who_holds_it_is_on_a_side_of_her_own() -> None:
    caseworker = a_member(Role.CASEWORKER, id=CASEWORKER, org=SENDER, team=SENDING_TEAM)
    recipient = a_member(Role.RECIPIENT, id=RECIPIENT, org=RECEIVER, team=RECEIVING_TEAM)
    accepted = a_referral(State.ACCEPTED, to_staff_id=RECIPIENT)

    assert accepted.sides_of(caseworker) == {Side.SENDER, Side.SENDER_HOLDER}
    assert accepted.sides_of(recipient) == {Side.RECEIVER, Side.RECEIVER_HOLDER}
    assert a_referral(State.OPENED).sides_of(recipient) == {Side.RECEIVER}


@pytest.mark.parametrize(
    ("by", "organisation"),
    [(AS_SENDER, SENDER), (AS_RECEIVER, RECEIVER), (frozenset({Side.PERSON}), None)],
)
def test_a_step_is_the_organisations_whose_side_took_it_and_hers_is_nobodys(
    by: frozenset[Side], organisation: UUID | None
) -> None:
    ended, _ = a_referral(State.ACTIVE).end(by, NOON, reason=DeclineReason.OTHER)

    assert [step.by_organisation_id for step in ended.steps] == [organisation]
    assert {step.by_side for step in ended.steps} == by


def test_the_clocks_step_is_no_organisations() -> None:
    expired, _ = a_referral(State.SENT).expire(NOON)

    assert expired.steps[0].by_organisation_id is None


def test_who_meets_it_on_two_sides_acts_on_the_first() -> None:
    both = frozenset({Side.SENDER_LEAD, Side.SENDER_HOLDER})
    ours = a_colleague(organisation_id=SENDER, team_id=SENDING_TEAM)

    given, _ = a_referral(State.SENT).reassign(both, NOON, staff=ours)

    assert given.steps[0].by_side is Side.SENDER_HOLDER


def test_a_state_is_counted_from_the_step_that_led_to_it() -> None:
    sent = a_referral(State.SENT, version=3, since=3)

    reminded, _ = sent.remind(AS_SENDER, NOON)
    recalled, _ = reminded.recall(AS_SENDER, NOON, reason=None)

    assert [(one.version, one.since) for one in (reminded, recalled)] == [(4, 3), (5, 5)]
    assert [step.version for step in recalled.steps] == [4, 5]


ENDED = {"ended_from": State.ACTIVE, "ended_by": Party.RECEIVER, "ended_at": NOON}


@pytest.mark.parametrize(
    ("referral", "by", "commands"),
    [
        (a_referral(State.ACCEPTED), AS_RECEIVER, ["start", "note_contact", "end"]),
        (a_referral(State.ENDED, **ENDED), AS_RECEIVER, ["reopen"]),
        (a_referral(State.ENDED, **ENDED), AS_SENDER, []),
        (a_referral(State.ENDED, **ENDED), frozenset({Side.SENDER_LEAD}), ["mark_error"]),
    ],
)
def test_what_is_allowed_is_the_tables_but_that_an_end_is_its_givers(
    referral: Referral, by: frozenset[Side], commands: list[str]
) -> None:
    assert referral.allowed(by) == commands
