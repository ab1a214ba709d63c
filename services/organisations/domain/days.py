"""Days by the Swedish date: rights, promises and agreements hold for whole days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_date(at: datetime) -> date:
    """The date in Sweden at an instant."""
    return at.astimezone(STOCKHOLM).date()


def end_of(day: date) -> datetime:
    """The instant at which the day is over in Sweden."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM)


def a_year_after(day: date) -> date:
    """The same day of the next year; of a leap day the day before."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=day.day - 1)
