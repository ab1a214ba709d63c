"""A meeting place that one walks into: where it is and when it is open.

A protected place never has a location, only the areas it serves: whoever flees
must not be found through a directory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Open on one weekday, Monday being 1, between two times of the Swedish clock."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The address of a place, and its hours."""

    address: str
    hours: tuple[Hours, ...] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        for place, one in enumerate(self.hours):
            if one.opens >= one.closes:
                yield f"door.hours.{place}.closes", "It closes before it opens."
            elif any(_overlap(one, other) for other in self.hours[:place]):
                yield f"door.hours.{place}", "It is open already."


def _overlap(one: Hours, other: Hours) -> bool:
    return one.weekday == other.weekday and one.opens < other.closes and other.opens < one.closes


_SHELTER = re.compile(
    r"kvinnojour|tjejjour|mansjour|brottsofferjour|kvinnofrid|kvinnohus|"
    r"skydd(?:at|ade|ad|s)[ -]*(?:boende|adress|hem|plats|lägenhet)|shelter|refuge",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b[^\W\d_]*(?:gatan|gata|vägen|väg|gränden|gränd|stigen|allén|plan|torg|torget|backen)\s*\d+\b"
    r"|\b[1-9]\d{2} ?\d{2}\s+[^\W\d_]{2,}",
    re.IGNORECASE,
)


def looks_protected(texts: Sequence[str]) -> bool:
    """Whether what is said of a place sounds like a shelter or a protected address."""
    return any(_SHELTER.search(text) for text in texts)


def names_a_street(text: str) -> bool:
    """Whether the text holds what looks like a street with its number, or a postal code with its town."""
    return _STREET.search(text) is not None
