"""The one table of a referral's life: from which state, which command, by whom, to which state.

The verbs, the routes and `allowed` all read it.  A new command is a new row
here and its effect in `referral.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role

from .refusals import IllegalCommand


class State(StrEnum):
    """Where a referral is in its life."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    QUEUED = "queued"
    SENT = "sent"
    OPENED = "opened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECALLED = "recalled"
    CONSENT_LOST = "consent_lost"


class Command(StrEnum):
    """What somebody, the clock or an effect may do to a referral."""

    DRAFT = "draft"
    DISCARD = "discard"
    SEND = "send"
    UNDO = "undo"
    DISPATCH = "dispatch"
    OPEN = "open"
    ACCEPT = "accept"
    DECLINE = "decline"
    RECALL = "recall"
    LOSE_CONSENT = "lose_consent"


class Side(StrEnum):
    """In what part somebody meets a referral."""

    SENDER = "sender"
    SENDER_LEAD = "sender_lead"
    RECEIVER = "receiver"
    RECEIVER_LEAD = "receiver_lead"
    PERSON = "person"
    CLOCK = "clock"
    EFFECT = "effect"


ROLE_OF = {
    Side.SENDER: Role.CASEWORKER,
    Side.SENDER_LEAD: Role.TEAM_LEAD,
    Side.RECEIVER: Role.RECIPIENT,
    Side.RECEIVER_LEAD: Role.TEAM_LEAD,
    Side.PERSON: Role.PERSON,
}
"""The role that each side of flesh and blood acts in."""

OPEN_STATES = frozenset({State.QUEUED, State.SENT, State.OPENED, State.ACCEPTED})
"""The states of which a need has at most one referral."""

READABLE_STATES = frozenset({State.OPENED, State.ACCEPTED})
"""The states in which the receiver may read what was disclosed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `refused` is where the referral goes when the clock's command is refused by the gate."""

    start: frozenset[State]
    command: Command
    by: frozenset[Side]
    to: State
    refused: State | None = None


def _row(
    start: Iterable[State], command: Command, by: Iterable[Side], to: State, refused: State | None = None
) -> Row:
    return Row(start=frozenset(start), command=command, by=frozenset(by), to=to, refused=refused)


TABLE: tuple[Row, ...] = (
    _row([], Command.DRAFT, [Side.SENDER], State.DRAFT),
    _row([State.DRAFT], Command.DISCARD, [Side.SENDER], State.DISCARDED),
    _row([State.DRAFT], Command.SEND, [Side.SENDER], State.QUEUED),
    _row([State.QUEUED], Command.UNDO, [Side.SENDER], State.DRAFT),
    _row([State.QUEUED], Command.DISPATCH, [Side.CLOCK], State.SENT, refused=State.DRAFT),
    _row([State.SENT], Command.OPEN, [Side.RECEIVER], State.OPENED),
    _row([State.OPENED], Command.ACCEPT, [Side.RECEIVER], State.ACCEPTED),
    _row([State.SENT, State.OPENED], Command.DECLINE, [Side.RECEIVER], State.DECLINED),
    _row([State.SENT, State.OPENED], Command.RECALL, [Side.SENDER, Side.PERSON], State.RECALLED),
    _row(OPEN_STATES, Command.LOSE_CONSENT, [Side.EFFECT], State.CONSENT_LOST),
)


def allowed(state: State, sides: Iterable[Side]) -> list[Command]:
    """The commands that somebody on these sides may give now, in the table's order."""
    mine = frozenset(sides)
    return [row.command for row in TABLE if state in row.start and row.by & mine]


def roles_of(command: Command) -> list[Role]:
    """The roles that may ever give the command."""
    return sorted({ROLE_OF[side] for side in _givers(command) if side in ROLE_OF})


def permit(command: Command, sides: frozenset[Side], roles: frozenset[Role]) -> None:
    """Raise `RoleMissing` if no such role ever may, `NotYourSide` if somebody else's side must."""
    if _givers(command) & sides:
        return
    if roles.isdisjoint(roles_of(command)):
        raise RoleMissing
    raise NotYourSide


def step(command: Command, state: State, sides: frozenset[Side]) -> Row:
    """The row by which the command is lawful now; raises `IllegalCommand` with what is allowed instead."""
    for row in TABLE:
        if row.command is command and state in row.start and row.by & sides:
            return row
    raise illegal(state, sides)


def illegal(state: State, sides: frozenset[Side]) -> IllegalCommand:
    """The refusal of anything that the state does not bear."""
    instead: list[JsonValue] = [str(command) for command in allowed(state, sides)]
    return IllegalCommand(state=str(state), allowed=instead)


def _givers(command: Command) -> frozenset[Side]:
    return frozenset[Side]().union(*(row.by for row in TABLE if row.command is command))
