"""Swedish working days, and the time by which a receiver owes an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from shared.events.base import Urgency

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_ANSWER_IN = {Urgency.URGENT: 1, Urgency.NORMAL: 3, Urgency.LOW: 10}
_SATURDAY = 5
_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
_FROM_EASTER = (-2, 0, 1, 39, 49)


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (the anonymous computus)."""
    century, year_of = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * rest + 2 * (year_of // 4) - moon - year_of % 4) % 7
    late = (year % 19 + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """The days off that are not plain weekends: lag (1989:253), and the eves that are kept like them."""
    from_easter = (easter(year) + timedelta(days=days) for days in _FROM_EASTER)
    midsummer = _first_saturday(date(year, 6, 20))
    return frozenset(
        {date(year, month, day) for month, day in _FIXED}
        | {*from_easter, midsummer - timedelta(days=1), midsummer, _first_saturday(date(year, 10, 31))}
    )


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def working_days_after(day: date) -> Iterator[date]:
    """The working days after a day, without end."""
    while True:
        day += timedelta(days=1)
        if is_working_day(day):
            yield day


def answer_by(sent_at: datetime, urgency: Urgency) -> datetime:
    """The last second, Swedish time, of the working day by which the receiver owes an answer (UTC)."""
    return last_second(working_day(local_date(sent_at), _ANSWER_IN[urgency]))


def working_day(day: date, number: int) -> date:
    """The so manieth working day after a day; the day itself for none."""
    return next(islice(working_days_after(day), number - 1, None)) if number else day


def working_days_between(day: date, last: date) -> int:
    """How many working days come after a day, up to and with the last."""
    return sum(1 for _ in takewhile(last.__ge__, working_days_after(day)))


def last_second(day: date) -> datetime:
    """The last second of a Swedish day (UTC)."""
    return datetime.combine(day, time(23, 59, 59), STOCKHOLM).astimezone(UTC)


def local_date(at: datetime) -> date:
    """The date in Sweden at an instant."""
    return at.astimezone(STOCKHOLM).date()


def _first_saturday(day: date) -> date:
    return day + timedelta(days=(_SATURDAY - day.weekday()) % 7)
