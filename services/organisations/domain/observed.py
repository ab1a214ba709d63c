"""What the network has seen of an offering: its latest answers say more than what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from .capacity import Capacity

ENOUGH = 5
"""Fewer answers than this say nothing, of the offering or of whom they were about."""


class Habit(StrEnum):
    """How an offering has answered of late."""

    TAKES = "takes"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How many of the latest ten answers of thirty days were a yes, and a no for want of room.

    ``full_at``: when the last of the latter came, and ``places_left`` what was said with it, if anything was.
    """

    accepted: int = 0
    full: int = 0
    full_at: datetime | None = None
    places_left: int | None = None

    @property
    def habit(self) -> Habit | None:
        """Nothing while there are few answers, or some of both kinds and most of them a yes."""
        if self.accepted + self.full < ENOUGH:
            return None
        if self.full == 0:
            return Habit.TAKES
        return Habit.FULL if self.full > self.accepted else None

    def newest(self, stated: Capacity) -> Capacity:
        """The word on capacity that stands: a later no for want of room overrules it, or puts it in doubt."""
        if self.full_at is None or (stated.updated_at is not None and stated.updated_at >= self.full_at):
            return stated
        if self.places_left is None:
            return replace(stated, doubted=True)
        left = self.places_left if stated.maximum is None else min(self.places_left, stated.maximum)
        return replace(stated, available=left, updated_at=self.full_at)


NOTHING_SEEN = Observed()


def said_of(habit: Habit) -> str:
    """The habit in plain words."""
    return _SAID[habit]


_SAID = {
    Habit.TAKES: "De senaste svaren har varit ja.",
    Habit.FULL: "De senaste svaren har mest varit nej, för att det var fullt.",
}
