"""The table against the rows of the domain's own description, written out here by hand."""

from __future__ import annotations

import itertools
from functools import cache

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
sent, opened, waitlisted | ask  | receiver       | info_requested
info_requested   | answer       | sender         | where it was asked from
opened, waitlisted | waitlist   | receiver       | waitlisted
opened, waitlisted | accept     | receiver       | accepted
UNANSWERED       | decline      | receiver       | declined
opened, waitlisted | forward    | receiver       | forwarded
UNANSWERED       | recall       | sender, person | recalled
accepted         | start        | receiver       | active
accepted, active, paused | note_contact | sender, receiver | same
active           | pause        | receiver       | paused
paused           | resume       | receiver       | active
active, paused   | complete     | receiver       | completed
accepted, active, paused | end  | sender, receiver, person | ended
declined, completed, ended | reopen | sender, receiver, person | the state before
UNANSWERED       | expire       | clock          | expired
OPEN             | lose_consent | effect         | consent_lost
OPEN, CLOSED     | mark_error   | sender_lead    | in_error
UNANSWERED       | remind       | sender         | same
OPEN | reassign | sender_lead, sender_holder, receiver_lead, receiver_holder | same
"""
SHORT = {
    "UNANSWERED": "sent, opened, info_requested, waitlisted",
    "OPEN": "queued, sent, opened, info_requested, waitlisted, accepted, active, paused",
    "CLOSED": "completed, ended, declined, forwarded, recalled, expired, consent_lost",
}


@cache
def described() -> dict[tuple[str, str, str], str]:
    lawful = {}
    text = DESCRIBED.strip()
    for short, states in SHORT.items():
        text = text.replace(short, states)
    for line in text.splitlines():
        starts, command, sides, to = (cell.strip() for cell in line.split("|"))
        for start, side in itertools.product(starts.split(", "), sides.split(", ")):
            lawful[start, command, side] = to
    return lawful


@pytest.mark.parametrize(("state", "command"), list(itertools.product(State, Command)))
def test_a_command_is_lawful_just_where_it_is_described(state: State, command: Command) -> None:
    for side in Side:
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

    assert refused.value.members == {"state": "sent", "allowed": ["open", "ask", "decline"]}


def test_a_refused_dispatch_goes_back_to_draft() -> None:
    row = step(Command.DISPATCH, State.QUEUED, frozenset({Side.CLOCK}))

    assert row.refused is State.DRAFT


def test_only_the_clock_and_effects_may_do_what_has_no_role() -> None:
    without_role = {command for command in Command if not roles_of(command)}

    assert without_role == {Command.DISPATCH, Command.EXPIRE, Command.LOSE_CONSENT}


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
        {Command.DRAFT: {"sender"}, Command.CLAIM: {"receiver"}}.get(command, set())
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
