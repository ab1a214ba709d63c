"""Swedish working days, against the almanac of 2026 and 2027."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.referrals.domain.working_days import (
    answer_by,
    holidays,
    is_working_day,
    last_second,
    local_date,
    working_day,
    working_days_between,
)
from shared.events.base import Urgency

ALMANAC = {
    2026: "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 12-26 12-31",
    2027: "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-06 06-25 06-26 11-06 12-24 12-25 12-26 12-31",
}


@pytest.mark.parametrize("year", ALMANAC)
def test_the_days_off_are_those_of_the_almanac(year: int) -> None:
    assert holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in ALMANAC[year].split()}


@pytest.mark.parametrize(("year", "working"), [(2026, 251), (2027, 253)])
def test_a_year_has_so_many_working_days(year: int, working: int) -> None:
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(365))

    assert sum(map(is_working_day, days)) == working


@pytest.mark.parametrize(
    ("sent", "urgency", "due"),
    [
        ("2026-11-20T12:00", Urgency.URGENT, "2026-11-23T22:59:59"),
        ("2026-11-20T12:00", Urgency.NORMAL, "2026-11-25T22:59:59"),
        ("2026-11-21T12:00", Urgency.URGENT, "2026-11-23T22:59:59"),
        ("2026-12-22T12:00", Urgency.NORMAL, "2026-12-29T22:59:59"),
        ("2026-12-30T12:00", Urgency.LOW, "2027-01-18T22:59:59"),
        ("2026-06-18T12:00", Urgency.URGENT, "2026-06-22T21:59:59"),
        # Half past eleven in the evening UTC is the next day in Sweden.
        ("2026-11-22T23:30", Urgency.URGENT, "2026-11-24T22:59:59"),
        # Over the change to summer time, the end of the day stays the end of the day.
        ("2027-03-25T12:00", Urgency.URGENT, "2027-03-30T21:59:59"),
    ],
)
def test_an_answer_is_owed_at_the_end_of_a_working_day(sent: str, urgency: Urgency, due: str) -> None:
    sent_at = datetime.fromisoformat(sent).replace(tzinfo=UTC)

    assert answer_by(sent_at, urgency) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_working_days_are_counted_from_the_day_after() -> None:
    friday = date(2026, 11, 20)

    assert [working_day(friday, number).day for number in (0, 1, 2, 6)] == [20, 23, 24, 30]
    assert working_day(date(2026, 11, 21), 0) == date(2026, 11, 21)
    assert [working_days_between(friday, date(2026, 11, day)) for day in (19, 20, 22, 23, 25)] == [
        0,
        0,
        0,
        1,
        3,
    ]


def test_a_swedish_day_begins_at_swedish_midnight() -> None:
    assert local_date(datetime(2026, 11, 20, 22, 59, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert local_date(datetime(2026, 11, 20, 23, tzinfo=UTC)) == date(2026, 11, 21)
    assert last_second(date(2026, 7, 1)) == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)
