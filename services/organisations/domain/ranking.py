"""In which order offerings are shown, by rules that are shown too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .capacity import Places
from .eligibility import Facts, Judgement, judge
from .offering import Offering


class RankRule(StrEnum):
    """What decides the order, the first before the next."""

    FITS = "fits"
    TEXT = "text"
    UNKNOWN = "unknown"
    PLACES = "places"
    PROMISE = "promise"
    NEWEST_WORD = "newest_word"


SAID: Mapping[RankRule, str] = {
    RankRule.FITS: "Det som passar står före det som inte passar.",
    RankRule.TEXT: "Sedan det vars namn eller beskrivning bäst svarar mot sökorden.",
    RankRule.UNKNOWN: "Sedan det där minst återstår att ta reda på.",
    RankRule.PLACES: (
        "Sedan det som har plats. De senaste svaren går före det som sägs, och en uppgift som är äldre än"
        " sju dagar, eller har motsagts av ett nej, räknas som okänd."
    ),
    RankRule.PROMISE: "Sedan det som lovar svar snarast.",
    RankRule.NEWEST_WORD: "Sist det vars uppgifter bekräftats senast.",
}
"""The rules in their order, in plain words."""

_PLACES = [*Places]


@dataclass(frozen=True, slots=True)
class Hit:
    """An offering that was sought: how it was judged, and how well its text answers, from 0 to 1."""

    offering: Offering
    judgement: Judgement
    text: float
    at: datetime

    @property
    def places(self) -> Places:
        return self.offering.places(self.at)

    def place(self) -> tuple[object, ...]:
        """Where it stands among others: the smaller, the sooner; by the rules above, and then by age."""
        offering = self.offering
        confirmed = offering.confirmed_at
        return (
            not self.judgement.fits,
            -self.text,
            self.judgement.unknown,
            _PLACES.index(self.places),
            offering.answer_promise_days,
            -confirmed.timestamp() if confirmed else 0.0,
            offering.id,
        )


def hit(offering: Offering, facts: Facts, *, text: float, at: datetime, taking_part: bool) -> Hit:
    """An offering as it answers what is known of somebody."""
    return Hit(offering, judge(offering, facts, taking_part=taking_part), round(text, 2), at)
