"""The rules of a need, against the rows of the domain's own description, written out here by hand."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from services.referrals.domain.need_transitions import (
    HOMES,
    TABLE,
    NeedCommand,
    NeedSide,
    NeedState,
    allowed,
    permit,
    roles_of,
    step,
)
from services.referrals.domain.needs import CLOCK, EFFECT, Need
from services.referrals.domain.refusals import IllegalForNeed, NeedBusy
from shared.actor import Actor, ActorKind
from shared.errors import Invalid, NotYourSide, RoleMissing
from shared.events.base import Role
from shared.events.paths import Closing
from tests.unit.referrals.makers import (
    AT_HOME,
    CASEWORKER,
    NOON,
    RECEIVER,
    SENDER,
    SENDING_TEAM,
    STRANGER,
    a_need,
    an_open_referral,
)

DESCRIBED = """
open             | park   | home, home_lead        | parked
parked           | unpark | home, home_lead, clock | open
open, parked     | answer | effect                 | answered
open, answered   | close  | home, home_lead        | closed
answered, closed | reopen | home, home_lead        | open
answered         | reopen | effect                 | open
open, parked, answered | transfer | home, home_lead | same
open, parked, answered | move | effect | closed
"""

OPEN_STATES = ("queued", "sent", "opened", "info_requested", "waitlisted", "accepted", "active", "paused")


def described() -> dict[tuple[str, str, str], str]:
    lawful = {}
    for line in DESCRIBED.strip().splitlines():
        starts, command, sides, to = (cell.strip() for cell in line.split("|"))
        for start, side in itertools.product(starts.split(", "), sides.split(", ")):
            lawful[start, command, side] = start if to == "same" else to
    return lawful


EVERY = list(itertools.product(NeedState, NeedCommand, NeedSide))


@pytest.mark.parametrize(("state", "command", "side"), EVERY)
def test_a_command_is_lawful_just_where_it_is_described(
    state: NeedState, command: NeedCommand, side: NeedSide
) -> None:
    sides = frozenset({side})
    wanted = described().get((state, command, side))

    if wanted is None:
        with pytest.raises(IllegalForNeed):
            step(command, state, sides)
    else:
        assert (step(command, state, sides).to or state) == wanted
    assert (command in allowed(state, sides)) == (wanted is not None)


def test_no_two_rows_answer_the_same_question() -> None:
    asked = [(state, row.command, side) for row in TABLE for state in row.start for side in row.by]

    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("command", [NeedCommand.PARK, NeedCommand.CLOSE, NeedCommand.TRANSFER])
def test_only_the_homes_team_may_command(command: NeedCommand) -> None:
    assert roles_of(command) == [Role.CASEWORKER, Role.TEAM_LEAD]
    permit(command, AT_HOME, frozenset({Role.CASEWORKER}))
    with pytest.raises(NotYourSide):
        permit(command, frozenset(), frozenset({Role.CASEWORKER}))
    for role in (Role.RECIPIENT, Role.PERSON, Role.COORDINATOR):
        with pytest.raises(RoleMissing):
            permit(command, frozenset(), frozenset({role}))
    with pytest.raises(RoleMissing):
        permit(command, frozenset({NeedSide.PERSON}), frozenset({Role.PERSON}))


def an_actor(kind: ActorKind, *roles: Role, of: int = 1, team: int = 11) -> Actor:
    return Actor(
        kind=kind,
        id=CASEWORKER,
        organisation_id=SENDER if of == 1 else STRANGER,
        team_id=SENDING_TEAM if team == 11 else RECEIVER,
        roles=frozenset(roles),
    )


@pytest.mark.parametrize(
    ("actor", "sides"),
    [
        (an_actor(ActorKind.STAFF, Role.CASEWORKER), {NeedSide.HOME}),
        (an_actor(ActorKind.STAFF, Role.TEAM_LEAD), {NeedSide.HOME_LEAD}),
        (an_actor(ActorKind.STAFF, Role.CASEWORKER, Role.TEAM_LEAD), HOMES),
        (an_actor(ActorKind.STAFF, Role.CASEWORKER, team=12), set()),
        (an_actor(ActorKind.STAFF, Role.CASEWORKER, of=3), set()),
        (an_actor(ActorKind.STAFF, Role.RECIPIENT), set()),
        (an_actor(ActorKind.PERSON, Role.PERSON), {NeedSide.PERSON}),
    ],
)
def test_a_side_is_by_team_and_role(actor: Actor, sides: set[NeedSide]) -> None:
    assert a_need().sides_of(actor) == sides


def test_each_verb_gives_the_next_state_and_its_event() -> None:
    until = NOON.date() + timedelta(days=1)
    parked, told_parked = a_need().park(AT_HOME, NOON, until=until)
    unparked, told_unparked = parked.unpark(CLOCK, NOON)
    answered, told_answered = unparked.answer(NOON)
    closed, told_closed = answered.close(AT_HOME, NOON, how=Closing.UNMET)
    reopened, told_reopened = closed.reopen(AT_HOME, NOON)

    assert (parked.state, parked.parked_until, parked.version) == (NeedState.PARKED, until, 2)
    assert (unparked.state, unparked.parked_until) == (NeedState.OPEN, None)
    assert (closed.state, closed.closed_as) == (NeedState.CLOSED, Closing.UNMET)
    assert (reopened.state, reopened.closed_as, reopened.version) == (NeedState.OPEN, None, 6)
    told = [told_parked, told_unparked, told_answered, told_closed, told_reopened]
    assert [one.type for one in told] == [
        f"need.{past}.v1" for past in ("parked", "unparked", "answered", "closed", "reopened")
    ]
    assert {one.organisation_id for one in told} == {SENDER}
    assert (told_parked.until, told_closed.how) == (until, Closing.UNMET)
    assert [(turn.version, turn.command, turn.by_side) for turn in reopened.turns] == [
        (2, "park", "home"), (3, "unpark", "clock"), (4, "answer", "effect"),
        (5, "close", "home"), (6, "reopen", "home"),
    ]  # fmt: skip


def test_a_parked_need_that_was_answered_waits_no_more() -> None:
    answered, _ = a_need(NeedState.PARKED).answer(NOON)

    assert (answered.parked_until, answered.unparks_at) == (None, None)


@pytest.mark.parametrize(
    ("at", "until", "lies_ahead"),
    [
        ("2026-11-20T12:00", "2026-11-21", True),
        ("2026-11-20T12:00", "2026-11-20", False),
        ("2026-11-20T12:00", "2026-11-19", False),
        # Half past eleven in the evening UTC is the next day in Sweden.
        ("2026-11-20T23:30", "2026-11-21", False),
        ("2026-11-20T22:30", "2026-11-21", True),
    ],
)
def test_parking_is_until_a_day_that_lies_ahead(at: str, until: str, lies_ahead: bool) -> None:  # noqa: FBT001
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)

    if lies_ahead:
        a_need().park(AT_HOME, moment, until=date.fromisoformat(until))
    else:
        with pytest.raises(Invalid) as refused:
            a_need().park(AT_HOME, moment, until=date.fromisoformat(until))
        assert refused.value.members == {"errors": [{"field": "until", "message": "must lie ahead"}]}


@pytest.mark.parametrize(
    ("until", "morning"),
    [("2026-11-21", "2026-11-20T23:00"), ("2027-07-01", "2027-06-30T22:00")],
)
def test_a_day_begins_at_midnight_in_sweden(until: str, morning: str) -> None:
    parked = a_need(NeedState.PARKED, parked_until=date.fromisoformat(until))

    assert parked.unparks_at == datetime.fromisoformat(morning).replace(tzinfo=UTC)


@pytest.mark.parametrize("state", OPEN_STATES)
def test_a_need_under_way_is_neither_parked_nor_closed(state: str) -> None:
    busy = a_need(open_referral=an_open_referral(state))
    answered = a_need(NeedState.ANSWERED, open_referral=an_open_referral(state))

    with pytest.raises(NeedBusy):
        busy.park(AT_HOME, NOON, until=date(2099, 1, 1))
    for need in (busy, answered):
        with pytest.raises(NeedBusy):
            need.close(AT_HOME, NOON, how=Closing.MET)
        with pytest.raises(NeedBusy):
            need.transfer(AT_HOME, NOON, to=RECEIVER)
        with pytest.raises(NeedBusy):
            need.move(NOON)
    busy.answer(NOON)
    answered.reopen(EFFECT, NOON)


@pytest.mark.parametrize("state", [None, *OPEN_STATES])
@pytest.mark.parametrize("need_state", NeedState)
def test_just_one_is_accountable_the_receiver_once_they_have_met(
    state: str | None, need_state: NeedState
) -> None:
    under_way = an_open_referral(state) if state else None
    need: Need = a_need(need_state, open_referral=under_way)

    wanted = RECEIVER if state in {"active", "paused"} else SENDER
    assert need.accountable_organisation_id == wanted


def test_an_offer_leaves_the_need_as_it_is_and_a_move_closes_it() -> None:
    parked = a_need(NeedState.PARKED)

    offered, told_offered = parked.transfer(AT_HOME, NOON, to=RECEIVER)
    moved, told_moved = offered.move(NOON)

    assert (offered.state, offered.parked_until, offered.version) == ("parked", parked.parked_until, 2)
    assert (moved.state, moved.closed_as, moved.parked_until) == ("closed", Closing.MOVED, None)
    assert (told_offered.to_organisation_id, told_moved.how) == (RECEIVER, Closing.MOVED)


def test_a_need_is_not_offered_to_its_own_home() -> None:
    with pytest.raises(Invalid):
        a_need().transfer(AT_HOME, NOON, to=SENDER)


def test_an_illegal_command_names_the_state_and_what_is_allowed_instead() -> None:
    with pytest.raises(IllegalForNeed) as refused:
        a_need(NeedState.CLOSED).park(AT_HOME, NOON, until=date(2099, 1, 1))

    assert refused.value.members == {"state": "closed", "allowed": ["reopen"]}


def test_a_turn_is_the_homes_whose_side_took_it_and_an_effect_is_nobodys() -> None:
    lead, both = frozenset({NeedSide.HOME_LEAD}), frozenset({NeedSide.HOME, NeedSide.HOME_LEAD})

    by_lead, _ = a_need().close(lead, NOON, how=Closing.MET)
    by_both, _ = a_need().close(both, NOON, how=Closing.MET)
    by_effect, _ = a_need().answer(NOON)

    turns = [one.turns[0] for one in (by_lead, by_both, by_effect)]
    assert [(turn.by_side, turn.by_organisation_id) for turn in turns] == [
        (NeedSide.HOME_LEAD, SENDER),
        (NeedSide.HOME, SENDER),
        (NeedSide.EFFECT, None),
    ]


def test_only_a_caseworker_states_a_need_and_the_lead_may_do_the_rest() -> None:
    assert roles_of(NeedCommand.STATE) == [Role.CASEWORKER]
    assert roles_of(NeedCommand.PARK) == [Role.CASEWORKER, Role.TEAM_LEAD]
    assert roles_of(NeedCommand.ANSWER) == []
