"""The one table of a need's life: from which state, which command, by whom, to which state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role

from .refusals import IllegalForNeed


class NeedState(StrEnum):
    """Where a need is in its life."""

    OPEN = "open"
    PARKED = "parked"
    ANSWERED = "answered"
    CLOSED = "closed"


class NeedCommand(StrEnum):
    """What somebody, the clock or an effect may do to a need."""

    STATE = "state"
    PARK = "park"
    UNPARK = "unpark"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    MOVE = "move"


class NeedSide(StrEnum):
    """In what part somebody meets a need; an effect is what a referral of it does."""

    HOME = "home"
    HOME_LEAD = "home_lead"
    PERSON = "person"
    CLOCK = "clock"
    EFFECT = "effect"


NeedSides = frozenset[NeedSide]

ROLE_OF = {
    NeedSide.HOME: Role.CASEWORKER,
    NeedSide.HOME_LEAD: Role.TEAM_LEAD,
    NeedSide.PERSON: Role.PERSON,
}
"""The role that each side of flesh and blood acts in."""

HOMES = frozenset({NeedSide.HOME, NeedSide.HOME_LEAD})
"""The home's team: whoever may act on a need there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One row; without `to` the need stays as it is, and a need that is `free` has no open referral."""

    start: frozenset[NeedState]
    command: NeedCommand
    by: NeedSides
    to: NeedState | None
    free: bool = False


_S, _C = NeedState, NeedCommand
_UNDONE = (_S.OPEN, _S.PARKED, _S.ANSWERED)


def _row(
    start: Iterable[NeedState],
    command: NeedCommand,
    by: Iterable[NeedSide],
    to: NeedState | None,
    *,
    free: bool = False,
) -> NeedRow:
    return NeedRow(start=frozenset(start), command=command, by=frozenset(by), to=to, free=free)


TABLE: tuple[NeedRow, ...] = (
    _row([], _C.STATE, [NeedSide.HOME], _S.OPEN),
    _row([_S.OPEN], _C.PARK, HOMES, _S.PARKED, free=True),
    _row([_S.PARKED], _C.UNPARK, HOMES | {NeedSide.CLOCK}, _S.OPEN),
    _row([_S.OPEN, _S.PARKED], _C.ANSWER, [NeedSide.EFFECT], _S.ANSWERED),
    _row([_S.OPEN, _S.ANSWERED], _C.CLOSE, HOMES, _S.CLOSED, free=True),
    _row([_S.ANSWERED, _S.CLOSED], _C.REOPEN, HOMES, _S.OPEN),
    _row([_S.ANSWERED], _C.REOPEN, [NeedSide.EFFECT], _S.OPEN),
    _row(_UNDONE, _C.TRANSFER, HOMES, None, free=True),
    _row(_UNDONE, _C.MOVE, [NeedSide.EFFECT], _S.CLOSED, free=True),
)


def allowed(state: NeedState, sides: Iterable[NeedSide]) -> list[NeedCommand]:
    """The commands that somebody on these sides may give now, in the table's order."""
    mine = frozenset(sides)
    return [row.command for row in TABLE if state in row.start and row.by & mine]


def roles_of(command: NeedCommand) -> list[Role]:
    """The roles that may ever give the command."""
    return sorted({ROLE_OF[side] for side in _givers(command) if side in ROLE_OF})


def permit(command: NeedCommand, sides: NeedSides, roles: frozenset[Role]) -> None:
    """Raise `RoleMissing` if no such role ever may, `NotYourSide` if another team must."""
    if _givers(command) & sides:
        return
    if roles.isdisjoint(roles_of(command)):
        raise RoleMissing
    raise NotYourSide


def step(command: NeedCommand, state: NeedState, sides: NeedSides) -> NeedRow:
    """The row by which the command is lawful now; raises `IllegalForNeed` with what is allowed instead."""
    for row in TABLE:
        if row.command is command and state in row.start and row.by & sides:
            return row
    raise illegal(state, sides)


def illegal(state: NeedState, sides: NeedSides) -> IllegalForNeed:
    """The refusal of anything that the state does not bear."""
    instead: list[JsonValue] = [str(command) for command in allowed(state, sides)]
    return IllegalForNeed(state=str(state), allowed=instead)


def _givers(command: NeedCommand) -> NeedSides:
    return NeedSides().union(*(row.by for row in TABLE if row.command is command))
