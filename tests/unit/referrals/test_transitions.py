"""The table against the rows of the domain's own description, written out here by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.domain import transitions
from services.referrals.domain.refusals import IllegalCommand
from services.referrals.domain.transitions import (
    OPEN_STATES,
    READABLE_STATES,
    TABLE,
    Command,
    Side,
    State,
    allowed,
    permit,
    roles_of,
    step,
)
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role

DESCRIBED = """
draft            | discard      | sender         | discarded
draft            | send         | sender         | queued
queued           | undo         | sender         | draft
queued           | dispatch     | clock          | sent
sent             | open         | receiver       | opened
opened           | accept       | receiver       | accepted
sent, opened     | decline      | receiver       | declined
sent, opened     | recall       | sender, person | recalled
queued, sent, opened, accepted | lose_consent | effect | consent_lost
"""


def described() -> dict[tuple[str, str, str], str]:
    lawful = {}
    for line in DESCRIBED.strip().splitlines():
        starts, command, sides, to = (cell.strip() for cell in line.split("|"))
        for start, side in itertools.product(starts.split(", "), sides.split(", ")):
            lawful[start, command, side] = to
    return lawful


EVERY = list(itertools.product(State, Command, Side))


@pytest.mark.parametrize(("state", "command", "side"), EVERY)
def test_a_command_is_lawful_just_where_it_is_described(state: State, command: Command, side: Side) -> None:
    sides = frozenset({side})
    wanted = described().get((state, command, side))

    if wanted is None:
        with pytest.raises(IllegalCommand):
            step(command, state, sides)
    else:
        assert step(command, state, sides).to == wanted
    assert (command in allowed(state, sides)) == (wanted is not None)


def test_a_refusal_names_the_state_and_what_is_allowed_instead() -> None:
    with pytest.raises(IllegalCommand) as refused:
        step(Command.ACCEPT, State.SENT, frozenset({Side.RECEIVER}))

    assert refused.value.members == {"state": "sent", "allowed": ["open", "decline"]}


def test_a_refused_dispatch_goes_back_to_draft() -> None:
    row = step(Command.DISPATCH, State.QUEUED, frozenset({Side.CLOCK}))

    assert row.refused is State.DRAFT


def test_only_the_clock_and_effects_may_do_what_has_no_role() -> None:
    without_role = {command for command in Command if not roles_of(command)}

    assert without_role == {Command.DISPATCH, Command.LOSE_CONSENT}


def test_every_open_state_has_a_way_out_for_somebody_and_loses_its_consent() -> None:
    for state in OPEN_STATES:
        assert allowed(state, {Side.EFFECT}) == [Command.LOSE_CONSENT]
        assert allowed(state, set(Side) - {Side.EFFECT}) or state is State.ACCEPTED


def test_what_is_readable_is_open_and_was_opened() -> None:
    assert READABLE_STATES < OPEN_STATES
    assert READABLE_STATES.isdisjoint({State.QUEUED, State.SENT})


@given(st.sampled_from(Command), st.frozensets(st.sampled_from(Side)), st.frozensets(st.sampled_from(Role)))
def test_who_is_on_no_giving_side_is_refused_by_role_first(
    command: Command, sides: frozenset[Side], roles: frozenset[Role]
) -> None:
    givers = {side for _, name, side in described() if name == command} | (
        {"sender"} if command is Command.DRAFT else set()
    )
    may = {transitions.ROLE_OF[side] for side in Side if side in givers and side in transitions.ROLE_OF}

    if givers & sides:
        permit(command, sides, roles)
    else:
        with pytest.raises(NotYourSide if may & roles else RoleMissing):
            permit(command, sides, roles)


def test_no_two_rows_answer_the_same_question() -> None:
    asked = [(state, row.command, side) for row in TABLE for state in row.start for side in row.by]

    assert len(asked) == len(set(asked))
