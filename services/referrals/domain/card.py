"""The offer card: all that a receiver learns before it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.events.base import Area, NeedCode, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that a receiver sees before it opens."""

    need_code: NeedCode
    area: Area
    age_band: str
    language: str
    urgency: Urgency


_BANDS = ((65, "65+"), (40, "40-64"), (25, "25-39"), (18, "18-24"), (15, "15-17"), (12, "12-14"), (0, "0-11"))


def age_band(birth_year: int, today: date) -> str:
    """The band of the age that is reached this year, cut at 12, 15 and 18 (R-39)."""
    age = today.year - birth_year
    return next((band for least, band in _BANDS if age >= least), "0-11")
