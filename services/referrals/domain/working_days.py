"""Swedish working days, and the time by which a receiver owes an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from holidays.constants import DE_FACTO, PUBLIC
from holidays.countries.sweden import Sweden

from shared.events.base import Urgency

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_ANSWER_IN = {Urgency.URGENT: 1, Urgency.NORMAL: 3, Urgency.LOW: 10}
_SATURDAY = 5


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """The days off that are not plain weekends: lag (1989:253), and the eves that are kept like them."""
    return frozenset(Sweden(years=year, include_sundays=False, categories=(PUBLIC, DE_FACTO)))


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
