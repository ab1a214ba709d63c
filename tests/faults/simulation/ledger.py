"""What was really committed: each event's effect in each service, in which order and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .lines import Effect

Ear = tuple[str, str]
"""A service and a stream that it hears."""


@dataclass
class Ledger:
    """Effects as they committed; `wrong` says what must never be."""

    times: Counter[Effect] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _again: defaultdict[Ear, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _heard: defaultdict[Ear, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    _last: defaultdict[Ear, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def note(self, effect: Effect) -> None:
        """Something has been committed."""
        self.times[effect] += 1
        if effect[0] == "reaction":
            _, service, stream, seq, subject, _ = effect
            self._note_reaction((service, stream), seq, subject)

    def _note_reaction(self, ear: Ear, seq: int, subject: str) -> None:
        self._heard[ear][seq] += 1
        again = self._heard[ear][seq] > 1
        if self._heard[ear][seq] > 1 + self._again[ear].get(seq, 0):
            self.wrong.append(f"{ear} handled {seq} twice")
        if not again and self._last[ear].get(subject, 0) >= seq:
            self.wrong.append(f"{ear} handled {seq} of {subject} after {self._last[ear][subject]}")
        self._last[ear][subject] = seq

    def put_back(self, ear: Ear, seq: int, *, stood_at: int) -> None:
        """The listener was told to begin again after a number: what it has done since, it does again.

        What was parked then may be done twice: when it is redriven, and when it is heard again.
        """
        for one in range(seq + 1, stood_at + 1):
            self._again[ear][one] = max(1, self._heard[ear][one])
        self._last[ear].clear()

    def missing(self, ear: Ear, head: int) -> list[int]:
        """The numbers that had no effect."""
        return [seq for seq in range(1, head + 1) if not self._heard[ear][seq]]


def reaction(service: str, stream: str, seq: int, subject: Any, event_id: UUID) -> Effect:
    return ("reaction", service, stream, seq, str(subject), event_id)
