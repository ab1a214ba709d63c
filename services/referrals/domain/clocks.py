"""The one table of clocks: what is owed in each state, by when, and who hears of it when it is not done.

Days are Swedish working days.  A state is entered with its clocks, and left without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.events.referrals import Party, Stage

from .record import Record
from .transitions import CLOSED_STATES, State
from .working_days import answer_by, last_second, local_date, working_day

Due = Callable[[Record], datetime | None]


class Ring(StrEnum):
    """What a clock does when it rings: it tells of a silence, asks how it went, or lets a referral expire."""

    REMINDER = Stage.REMINDER
    TEAM_LEAD = Stage.TEAM_LEAD
    COORDINATOR = Stage.COORDINATOR
    GAP = Stage.GAP
    EXPIRE = "expire"
    ASK = "ask_how_it_went"
    NOTE_SILENCE = "note_silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By whom something is owed, by when, and how many working days after it what rings.

    `asks` are those who owe nothing and are asked something.
    """

    owed_by: Party
    asks: tuple[Party, ...] = ()
    due: Due
    rings: Mapping[Ring, int]


def _after(**time: float) -> Due:
    return lambda referral: referral.changed_at + timedelta(**time)


def _working(days: int) -> Due:
    return lambda referral: last_second(working_day(local_date(referral.changed_at), days))


def _day(name: str) -> Due:
    def due(referral: Record) -> datetime | None:
        day: date | None = getattr(referral, name)
        return last_second(day) if day else None

    return due


def _since_contact(days: int) -> Due:
    return lambda referral: (referral.last_contact_at or referral.changed_at) + timedelta(days=days)


_ANSWER = Clock(
    owed_by=Party.RECEIVER,
    due=lambda referral: referral.answer_by,
    rings={Ring.REMINDER: 0, Ring.TEAM_LEAD: 1, Ring.COORDINATOR: 2, Ring.EXPIRE: 5},
)
_NEXT_STEP = Clock(owed_by=Party.SENDER, due=_working(3), rings={Ring.TEAM_LEAD: 0, Ring.GAP: 1})

CLOCKS: Mapping[State, Clock] = {
    State.DRAFT: Clock(owed_by=Party.SENDER, due=_after(days=14), rings={Ring.REMINDER: 0}),
    State.SENT: _ANSWER,
    State.OPENED: _ANSWER,
    State.INFO_REQUESTED: Clock(
        owed_by=Party.SENDER,
        due=lambda referral: referral.answer_by,
        rings={Ring.REMINDER: 0, Ring.TEAM_LEAD: 1, Ring.EXPIRE: 5},
    ),
    State.WAITLISTED: Clock(
        owed_by=Party.RECEIVER,
        due=_day("review_on"),
        rings={Ring.REMINDER: 0, Ring.TEAM_LEAD: 1, Ring.COORDINATOR: 2, Ring.EXPIRE: 10},
    ),
    State.ACCEPTED: Clock(
        owed_by=Party.RECEIVER,
        due=_day("first_contact_by"),
        rings={Ring.REMINDER: 0, Ring.TEAM_LEAD: 1, Ring.COORDINATOR: 3, Ring.GAP: 4},
    ),
    State.ACTIVE: Clock(owed_by=Party.RECEIVER, due=_since_contact(30), rings={Ring.REMINDER: 0}),
    State.PAUSED: Clock(
        owed_by=Party.RECEIVER,
        due=_day("resume_on"),
        rings={Ring.REMINDER: 0, Ring.TEAM_LEAD: 3, Ring.GAP: 4},
    ),
    **dict.fromkeys(CLOSED_STATES, _NEXT_STEP),
    State.COMPLETED: Clock(
        owed_by=Party.SENDER,
        asks=(Party.PERSON,),
        due=_after(days=14),
        rings={Ring.ASK: 0, Ring.NOTE_SILENCE: 10},
    ),
}
"""Queued has none of its own: what lets it go is set when it is sent."""


def owed_by(state: State) -> Party:
    """Who owes the next step."""
    return CLOCKS[state].owed_by


def rings_of(referral: Record) -> dict[Ring, datetime]:
    """What will ring in the referral's state, and when (UTC)."""
    clock = CLOCKS.get(referral.state)
    due = clock.due(referral) if clock else None
    if clock is None or due is None:
        return {}
    return {ring: _later(due, days) for ring, days in clock.rings.items()}


def afresh(referral: Record, at: datetime) -> dict[str, Any]:
    """The times of the state that a referral is reopened into, none of them in the past."""
    soon = working_day(local_date(at), 3)
    match referral.state:
        case State.SENT | State.OPENED:
            return {"answer_by": answer_by(at, referral.card.urgency)}
        case State.INFO_REQUESTED:
            return {"answer_by": last_second(soon)}
        case State.ACTIVE:
            return {"last_contact_at": at}
        case State.WAITLISTED:
            return {"review_on": _not_past(referral.review_on, soon, at)}
        case State.ACCEPTED:
            return {"first_contact_by": _not_past(referral.first_contact_by, soon, at)}
        case _:
            return {"resume_on": _not_past(referral.resume_on, soon, at)}


def _later(due: datetime, days: int) -> datetime:
    return last_second(working_day(local_date(due), days)) if days else due


def _not_past(day: date | None, soon: date, at: datetime) -> date:
    return day if day is not None and day >= local_date(at) else soon
