"""How many more an offering can take, who said so when, and how much that word is worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

STALE_AFTER = timedelta(days=7)
"""A word on capacity that is older says little."""


class Places(StrEnum):
    """What the word on capacity comes to, best first."""

    FREE = "free"
    UNKNOWN = "unknown"
    HELD = "held"
    WAITING = "waiting"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many more can come, of how many, and how old that word is; ``None`` where nobody has said.

    ``doubted``: somebody was turned away for want of room since it was said.
    """

    available: int | None = None
    maximum: int | None = None
    updated_at: datetime | None = None
    doubted: bool = False

    def said(self, at: datetime) -> Self:
        """The same word, given now; silence has no date."""
        silent = self.available is None and self.maximum is None
        return replace(self, updated_at=None if silent else at, doubted=False)

    def days_old(self, at: datetime) -> int | None:
        return None if self.updated_at is None else (at - self.updated_at).days

    def is_stale(self, at: datetime) -> bool:
        """Whether it was said more than seven days ago; of silence nobody says that it is old."""
        return self.updated_at is not None and at - self.updated_at > STALE_AFTER

    def known(self, at: datetime) -> int | None:
        """How many more can come, by a word that can be trusted: an old or doubted one is as good as none."""
        return None if self.doubted or self.is_stale(at) else self.available

    def places(self, at: datetime, *, waiting: int | None, held: int = 0) -> Places:
        """What it comes to now, with so many on a list if there is one, and so many places held."""
        known = self.known(at)
        if known is None:
            return Places.UNKNOWN
        if known > 0:
            return Places.FREE if known > held else Places.HELD
        return Places.WAITING if waiting is not None else Places.FULL

    def contradictions(self) -> Iterator[tuple[str, str]]:
        if self.available is not None and self.maximum is not None and self.available > self.maximum:
            yield "capacity.available", "There cannot be more free places than places."
