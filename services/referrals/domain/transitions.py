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
    INFO_REQUESTED = "info_requested"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED = "ended"
    DECLINED = "declined"
    FORWARDED = "forwarded"
    RECALLED = "recalled"
    EXPIRED = "expired"
    CONSENT_LOST = "consent_lost"
    IN_ERROR = "in_error"


class Goes(StrEnum):
    """Where a command leads that leads to no state of its own."""

    SAME = "same"
    ASKED_FROM = "where it was asked from"
    ENDED_FROM = "the state before"


class Command(StrEnum):
    """What somebody, the clock or an effect may do to a referral."""

    DRAFT = "draft"
    DISCARD = "discard"
    SEND = "send"
    UNDO = "undo"
    DISPATCH = "dispatch"
    OPEN = "open"
    CLAIM = "claim"
    ASK = "ask"
    ANSWER = "answer"
    WAITLIST = "waitlist"
    ACCEPT = "accept"
    DECLINE = "decline"
    FORWARD = "forward"
    RECALL = "recall"
    START = "start"
    NOTE_CONTACT = "note_contact"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    END = "end"
    REOPEN = "reopen"
    EXPIRE = "expire"
    LOSE_CONSENT = "lose_consent"
    MARK_ERROR = "mark_error"
    REMIND = "remind"
    REASSIGN = "reassign"


class Side(StrEnum):
    """In what part somebody meets a referral."""

    SENDER = "sender"
    SENDER_LEAD = "sender_lead"
    SENDER_HOLDER = "sender_holder"
    RECEIVER = "receiver"
    RECEIVER_LEAD = "receiver_lead"
    RECEIVER_HOLDER = "receiver_holder"
    PERSON = "person"
    CLOCK = "clock"
    EFFECT = "effect"


ROLE_OF = {
    Side.SENDER: Role.CASEWORKER,
    Side.SENDER_LEAD: Role.TEAM_LEAD,
    Side.SENDER_HOLDER: Role.CASEWORKER,
    Side.RECEIVER: Role.RECIPIENT,
    Side.RECEIVER_LEAD: Role.TEAM_LEAD,
    Side.RECEIVER_HOLDER: Role.RECIPIENT,
    Side.PERSON: Role.PERSON,
}
"""The role that each side of flesh and blood acts in."""

SENDERS = frozenset({Side.SENDER, Side.SENDER_LEAD, Side.SENDER_HOLDER})
RECEIVERS = frozenset({Side.RECEIVER, Side.RECEIVER_LEAD, Side.RECEIVER_HOLDER})

_UNANSWERED = (State.SENT, State.OPENED, State.INFO_REQUESTED, State.WAITLISTED)
_TAKEN_ON = (State.ACCEPTED, State.ACTIVE, State.PAUSED)
_OPEN = (State.QUEUED, *_UNANSWERED, *_TAKEN_ON)

OPEN_STATES = frozenset(_OPEN)
"""The states of which a need has at most one referral."""

READABLE_STATES = OPEN_STATES - {State.QUEUED, State.SENT}
"""The states in which the receiver may read what was disclosed, if it has opened it."""

REOPENED_FROM = (State.DECLINED, State.COMPLETED, State.ENDED)

CLOSED_STATES = frozenset(State) - OPEN_STATES - {State.DRAFT, State.DISCARDED}
"""The states in which a hand-over that left its sender has come to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `refused` is where the referral goes when the clock's command is refused by the gate."""

    start: frozenset[State]
    command: Command
    by: frozenset[Side]
    to: State | Goes
    refused: State | None = None


def _row(
    start: Iterable[State],
    command: Command,
    by: Iterable[Side],
    to: State | Goes,
    refused: State | None = None,
) -> Row:
    return Row(start=frozenset(start), command=command, by=frozenset(by), to=to, refused=refused)


TABLE: tuple[Row, ...] = (
    _row([], Command.DRAFT, [Side.SENDER], State.DRAFT),
    _row([State.DRAFT], Command.DISCARD, [Side.SENDER], State.DISCARDED),
    _row([State.DRAFT], Command.SEND, [Side.SENDER], State.QUEUED),
    _row([State.QUEUED], Command.UNDO, [Side.SENDER], State.DRAFT),
    _row([State.QUEUED], Command.DISPATCH, [Side.CLOCK], State.SENT, refused=State.DRAFT),
    _row([State.SENT], Command.OPEN, [Side.RECEIVER], State.OPENED),
    _row([], Command.CLAIM, [Side.RECEIVER], State.OPENED),
    _row([State.SENT, State.OPENED, State.WAITLISTED], Command.ASK, [Side.RECEIVER], State.INFO_REQUESTED),
    _row([State.INFO_REQUESTED], Command.ANSWER, [Side.SENDER], Goes.ASKED_FROM),
    _row([State.OPENED, State.WAITLISTED], Command.WAITLIST, [Side.RECEIVER], State.WAITLISTED),
    _row([State.OPENED, State.WAITLISTED], Command.ACCEPT, [Side.RECEIVER], State.ACCEPTED),
    _row(_UNANSWERED, Command.DECLINE, [Side.RECEIVER], State.DECLINED),
    _row([State.OPENED, State.WAITLISTED], Command.FORWARD, [Side.RECEIVER], State.FORWARDED),
    _row(_UNANSWERED, Command.RECALL, [Side.SENDER, Side.PERSON], State.RECALLED),
    _row([State.ACCEPTED], Command.START, [Side.RECEIVER], State.ACTIVE),
    _row(_TAKEN_ON, Command.NOTE_CONTACT, [Side.SENDER, Side.RECEIVER], Goes.SAME),
    _row([State.ACTIVE], Command.PAUSE, [Side.RECEIVER], State.PAUSED),
    _row([State.PAUSED], Command.RESUME, [Side.RECEIVER], State.ACTIVE),
    _row([State.ACTIVE, State.PAUSED], Command.COMPLETE, [Side.RECEIVER], State.COMPLETED),
    _row(_TAKEN_ON, Command.END, [Side.SENDER, Side.RECEIVER, Side.PERSON], State.ENDED),
    _row(REOPENED_FROM, Command.REOPEN, [Side.SENDER, Side.RECEIVER, Side.PERSON], Goes.ENDED_FROM),
    _row(_UNANSWERED, Command.EXPIRE, [Side.CLOCK], State.EXPIRED),
    _row(_OPEN, Command.LOSE_CONSENT, [Side.EFFECT], State.CONSENT_LOST),
    _row(
        [state for state in State if state not in {State.DRAFT, State.DISCARDED, State.IN_ERROR}],
        Command.MARK_ERROR,
        [Side.SENDER_LEAD],
        State.IN_ERROR,
    ),
    _row(_UNANSWERED, Command.REMIND, [Side.SENDER], Goes.SAME),
    _row(
        _OPEN,
        Command.REASSIGN,
        [Side.SENDER_LEAD, Side.SENDER_HOLDER, Side.RECEIVER_LEAD, Side.RECEIVER_HOLDER],
        Goes.SAME,
    ),
)

STAYING = frozenset(row.command for row in TABLE if row.to is Goes.SAME)
"""The commands that leave the state, and so its clock, as they are."""


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


def born(command: Command) -> State:
    """The state in which the command lets a referral begin."""
    return next(row.to for row in TABLE if row.command is command and isinstance(row.to, State))


def illegal(state: State, sides: frozenset[Side]) -> IllegalCommand:
    """The refusal of anything that the state does not bear."""
    instead: list[JsonValue] = [str(command) for command in allowed(state, sides)]
    return IllegalCommand(state=str(state), allowed=instead)


def _givers(command: Command) -> frozenset[Side]:
    return frozenset[Side]().union(*(row.by for row in TABLE if row.command is command))
